"""docs/SPLITS.md is what the table of splits says, and names what each condition was trained on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.benchmarks.splits import SPLITS
from para_bench.commands.parts.split_page import condition_rows, split_title, splits_page


def test_docs_page_is_up_to_date() -> None:
    docs = Path(__file__).resolve().parents[3] / "docs"
    assert (docs / "SPLITS.md").read_text() == splits_page()
    assert (docs / "SPLITS_1.md").read_text() == splits_page(1)


@pytest.mark.parametrize(
    ("split", "row"),
    [
        ("novel_view", ("view_grid", "64 cells, a0e0 to a7e7", "default")),
        ("data_efficiency", ("demos_grid", "4 8 16 32 64 128 256", "grid, 4 to 256 demonstrations")),
        ("view_adaptation", ("adaptation", "0 5", "default; adapted_view, 5 demonstrations, fine-tuned from default")),
        ("video_backbone", ("joint", "id view 15 environment", "default, video features joint")),
    ],
)
def test_a_row_tells_levels_and_trainings(split: str, row: tuple[str, str, str]) -> None:
    assert row in condition_rows(SPLITS[split])


def test_the_splits_of_another_task_name_their_own_trainings() -> None:
    rows = condition_rows(SPLITS["view_adaptation"].on("stack"))
    assert [row[2] for row in rows] == [
        "stack.default", "stack.default; stack.adapted_view, 5 demonstrations, fine-tuned from stack.default",
    ]  # fmt: skip


def test_only_a_later_revision_of_a_split_is_named() -> None:
    split = SPLITS["novel_view"]
    assert split_title(split) == "novel_view"
    assert split_title(replace(split, version=2)) == "novel_view (revision 2)"
