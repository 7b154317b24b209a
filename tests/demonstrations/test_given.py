"""Demonstrations that a run is given: found by their content, copied to where a run looks, refused where they do not fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.benchmarks.conditions import Split
from para_bench.benchmarks.splits import find_split
from para_bench.data.store import Demonstrations, save
from para_bench.demonstrations.collect import collect
from para_bench.demonstrations.given import check_takes, place, read_given
from para_bench.demonstrations.stored import demonstrations
from para_bench.types import ParaBenchError, Scene

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def split() -> Split:
    return find_split("novel_view", version=2)


@pytest.fixture(scope="module")
def found(scenes: list[Scene]) -> Demonstrations:
    return collect(scenes[:3], frame_s=0.06)


def test_they_take_the_place_of_the_expert_s(found: Demonstrations, split: Split, tmp_path: Path) -> None:
    save(found, tmp_path / "mine", "2")
    given = place(read_given(tmp_path / "mine", split), split, tmp_path / "runs")
    assert (given.hash, given.count) == (found.hash, 3)
    read = demonstrations(given.training(split.training), 3, 0, tmp_path / "runs", progress=False)
    assert read.hash == found.hash
    given.check_there(split, tmp_path / "runs")
    with pytest.raises(
        ParaBenchError, match=rf"^demonstrations {found.hash} are not in .*; allowed: `run --demos-from` with their folder$"
    ):
        given.check_there(split, tmp_path / "elsewhere")


def test_the_first_of_them_are_other_demonstrations(found: Demonstrations, split: Split, scenes: list[Scene], tmp_path: Path) -> None:
    save(found, tmp_path, "2")
    assert read_given(tmp_path, split, 2).hash == collect(scenes[:2], frame_s=0.06).hash
    assert read_given(tmp_path, split, 3).hash == found.hash
    with pytest.raises(ParaBenchError, match=r"^--demos is 4 and --demos-from .* has 3; allowed: 1 to 3$"):
        read_given(tmp_path, split, 4)


@pytest.mark.parametrize("other", ["stack", "version"])
def test_those_of_another_task_or_version_are_refused(other: str, found: Demonstrations, split: Split, tmp_path: Path) -> None:
    save(found, tmp_path, "1" if other == "version" else "2")
    wanted = split if other == "version" else split.on("stack")
    allowed = {"stack": "stack with so101, suite version 2", "version": "place with so101, suite version 2"}[other]
    with pytest.raises(ParaBenchError, match=rf"^--demos-from .* is of place with so101, suite version \d; allowed: {allowed}$"):
        read_given(tmp_path, wanted)


@pytest.mark.parametrize("name", ["left_to_right", "view_adaptation", "data_efficiency", "video_backbone", "camera_diversity"])
def test_a_split_with_training_sets_of_its_own_is_refused(name: str) -> None:
    with pytest.raises(ParaBenchError, match=rf"^--demos-from with split {name}, which trains on sets of its own; allowed: a split such"):
        check_takes(find_split(name, version=2))


@pytest.mark.parametrize("name", ["id", "novel_view", "new_environment", "lighting", "stack.novel_view"])
def test_a_split_that_trains_on_the_default_set_takes_them(name: str) -> None:
    for version in (1, 2):
        check_takes(find_split(name, version=version))


def test_they_are_told_by_content_and_not_by_place(found: Demonstrations, split: Split, tmp_path: Path) -> None:
    save(found, tmp_path / "a", "2")
    save(replace(found), tmp_path / "b", "2")
    folders = [place(read_given(tmp_path / name, split), split, tmp_path).folder(split, tmp_path) for name in ("a", "b")]
    assert folders[0] == folders[1]
