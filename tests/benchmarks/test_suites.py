"""Suites: names that exist, trainings planned once, reasons for running again."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.backbones import BACKBONES
from para_bench.benchmarks.splits import SPLITS, split_names
from para_bench.benchmarks.suites import SUITES, find_suite
from para_bench.demonstrations.stored import demonstrations
from para_bench.heads import HEADS
from para_bench.types import ParaBenchError


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_suite_names_exist(suite) -> None:
    assert set(suite.splits) <= set(SPLITS)
    assert set(suite.heads) <= set(HEADS)
    assert suite.backbone in BACKBONES


def test_paper_suite_is_everything() -> None:
    paper = find_suite("paper")
    assert (set(paper.splits), set(paper.heads), paper.profile.seeds) == (set(SPLITS.builtin), set(HEADS.builtin), 5)


def test_parts_of_the_reference_results_are_everything_once() -> None:
    parts = [SUITES[name] for name in ("headline", "breadth", "rivals", "others", "video")]  # the suite `diversity` is newer
    cells = [(split, head) for part in parts for split in part.splits for head in part.heads]
    assert len(cells) == len(set(cells))
    assert {split for split, _ in cells if split in split_names(1)} == set(split_names(1))
    assert {head for _, head in cells} | set(SUITES["factorial"].heads) == set(HEADS)  # four heads are newer than those results


def test_unknown_suite_is_told_with_the_known_ones() -> None:
    with pytest.raises(ParaBenchError, match=r"'night' is unknown; allowed: smoke, ci, .*, video, imagenet, finetuned, paper"):
        find_suite("night")


def test_another_demo_seed_gives_other_demonstrations(tmp_path: Path) -> None:
    training = SPLITS["id"].training
    first, again, other = (demonstrations(training, 1, seed, tmp_path / name, False) for seed, name in ((0, "a"), (0, "b"), (1, "c")))
    assert first.hash == again.hash != other.hash
