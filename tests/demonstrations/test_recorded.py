"""A folder of recorded demonstrations: the store that `demos` writes, made again from its parts where it was cut off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.data.store import Demonstrations, load, save
from para_bench.demonstrations.collect import collect
from para_bench.demonstrations.recorded import PARTS, RecordedFolder, joined
from para_bench.envs.scenes import scene_from_dict
from para_bench.types import ParaBenchError, Scene


@pytest.fixture(scope="module")
def ones(scenes: list[Scene]) -> list[Demonstrations]:
    return [collect(scenes[i : i + 1], frame_s=0.06) for i in range(3)]


@pytest.mark.integration
def test_joined_they_are_what_is_collected_at_once(ones: list[Demonstrations], scenes: list[Scene], tmp_path: Path) -> None:
    assert joined(ones).hash == collect(scenes[:3], frame_s=0.06).hash
    folder = RecordedFolder(tmp_path, "place", "so101", "2")
    for one in ones:
        folder.add(one)
    assert load(tmp_path, scene_from_dict).hash == joined(ones).hash
    assert joined([joined(ones[:2]), ones[2]]).hash == joined(ones).hash


@pytest.mark.integration
def test_cut_off_between_two_writes_nothing_is_lost(ones: list[Demonstrations], tmp_path: Path) -> None:
    folder = RecordedFolder(tmp_path, "place", "so101", "2")
    folder.add(ones[0])
    save(ones[1], tmp_path / PARTS / "0001", "2")  # and then the power went
    (tmp_path / PARTS / "0002").mkdir()  # of one that was never finished
    (tmp_path / "meta.json").unlink()
    again = RecordedFolder(tmp_path, "place", "so101", "2")
    assert len(again.found) == 2
    again.add(ones[2])
    assert load(tmp_path, scene_from_dict).hash == joined(ones).hash


def test_what_the_expert_made_is_not_added_to(scenes: list[Scene], tmp_path: Path) -> None:
    save(collect(scenes[:1]), tmp_path)
    with pytest.raises(ParaBenchError, match=r"holds demonstrations that were not recorded; allowed: a new folder, or one of `teleop`$"):
        RecordedFolder(tmp_path, "place", "so101", "2")


def test_one_folder_is_of_one_task(scenes: list[Scene], tmp_path: Path) -> None:
    RecordedFolder(tmp_path, "place", "so101", "2").add(collect(scenes[:1]))
    with pytest.raises(ParaBenchError, match=r"of place with so101; allowed: stack with so101$"):
        RecordedFolder(tmp_path, "stack", "so101", "2")


def test_stores_of_other_strides_are_not_mixed(ones: list[Demonstrations]) -> None:
    with pytest.raises(ParaBenchError, match=r"have 4, 1 frames a waypoint; allowed: one number$"):
        joined([ones[0], replace(ones[1], stride=1)])
