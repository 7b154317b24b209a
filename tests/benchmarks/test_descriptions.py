"""split.json says of a split what a report has to know, in the words of its own task."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.benchmarks.descriptions import EXECUTOR_REASONS, describe
from para_bench.benchmarks.splits import SPLITS, find_split
from para_bench.records import description
from para_bench.tasks import TASKS


@pytest.mark.parametrize("task", TASKS)
def test_stages_and_reasons_are_those_of_the_task(task: str) -> None:
    said = describe(find_split("novel_view", task))
    assert (said.task, said.robot) == (task, "so101")
    assert said.stages == TASKS[task].stages
    assert said.reasons == (*TASKS[task].reasons, *EXECUTOR_REASONS)
    assert len(set(said.reasons)) == len(said.reasons)


def test_tasks_end_in_stages_of_their_own() -> None:
    assert [describe(find_split("id", task)).stages[-1] for task in ("place", "stack")] == ["place", "stack"]


@pytest.mark.parametrize("name", [*SPLITS, *(f"stack.{name}" for name in SPLITS)])
def test_what_is_written_is_read_again(name: str, tmp_path: Path) -> None:
    split = find_split(name)
    said = describe(split)
    description.write(tmp_path, said)
    assert description.read(tmp_path) == said
    assert (said.split, said.about, said.version) == (name, split.about, split.version)
    assert said.scenes(64) == {c.key: range(c.share[0], 64, c.share[1]) for c in split.all_conditions}


def test_conditions_with_a_policy_of_their_own_are_told() -> None:
    said = describe(find_split("stack.view_adaptation"))
    assert {c.key: c.own_training for c in said.conditions} == {("id", "0"): False, ("adaptation", "0"): False, ("adaptation", "5"): True}
    assert said.apart
    assert not describe(find_split("novel_view")).apart


def test_backbones_that_saw_the_renderer_are_named() -> None:
    seen = describe(find_split("id")).seen_renderer
    assert "lite0_multiview" in seen
    assert "efficientnet_lite0" not in seen
