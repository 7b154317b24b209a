"""Results as this version of the suite knows them: order of splits, heads and tasks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from para_bench import records
from para_bench.commands.parts.results import described
from para_bench.commands.parts.results import results as found_in
from para_bench.records.description import CONTROL
from para_bench.tasks import TASKS
from para_bench.types import ParaBenchError

Make = Callable[..., Path]


@pytest.fixture
def folder(results: Make) -> Path:
    return results("stack.new_environment", "lighting", "stack.id", "of_another_package", "id", "stack.novel_view")


def test_splits_come_task_by_task_in_the_order_of_their_table(folder: Path) -> None:
    order = ["id", "lighting", "stack.id", "stack.novel_view", "stack.new_environment", "of_another_package"]
    assert [result.split for result in found_in([folder])] == order


def test_splits_that_are_named_come_as_they_are_named(folder: Path) -> None:
    assert [result.split for result in found_in([folder], ("stack.id", "id"))] == ["stack.id", "id"]
    with pytest.raises(ParaBenchError, match="no records of split 'nowhere'"):
        found_in([folder], ("nowhere",))


def test_heads_come_in_the_order_of_theirs_and_references_last(tmp_path: Path, record) -> None:
    for head in ("oracle", "mine", "act", "para"):
        digest = {"checkpoint_hash": ""} if head == "oracle" else {}
        records.append(tmp_path / "id" / records.FILE_NAME, record(head, CONTROL, split="id", **digest))
    (found,) = found_in([tmp_path])
    assert list(found.expected.seeds) == ["para", "act", "mine", "oracle"]


def test_a_split_is_described_with_its_task() -> None:
    said = described("stack.novel_view", "1")
    assert said is not None
    assert (said.split, said.task, said.stages) == ("stack.novel_view", "stack", TASKS["stack"].stages)
    assert described("of_another_package", "1") is None
