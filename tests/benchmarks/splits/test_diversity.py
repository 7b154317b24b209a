"""Success against the number of training cameras and rooms: one set of scenes for all trainings, held out of each."""

from __future__ import annotations

import pytest

from para_bench.benchmarks.conditions import CONTROL, EACH, Split
from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.splits import find_split, split_names
from para_bench.benchmarks.splits.diversity import COUNTS
from para_bench.envs.fair import problems
from para_bench.envs.ranges import BEYOND_PATTERNS, TRAINED_PATTERNS
from para_bench.types import ParaBenchError

WHAT = {"camera_diversity": "cameras", "room_diversity": "rooms"}


@pytest.fixture(params=WHAT)
def split(request: pytest.FixtureRequest) -> Split:
    return find_split(request.param)


def test_each_count_is_trained_and_tested_inside_and_beyond(split: Split) -> None:
    what = WHAT[split.name]
    counts = [(getattr(split.training_of(c), what), c.factor.endswith("beyond") or c.level == "beyond") for c in split.conditions]
    assert counts == [(k, beyond) for beyond in (False, True) for k in (*COUNTS, EACH)]
    assert len(split.trainings) == 1 + len(COUNTS)  # one of which is the control's
    assert {training.name for training in split.trainings} == {"default"}  # the same demonstrations


def test_all_trainings_meet_the_same_scenes(split: Split) -> None:
    scenes = {(c.factor, c.level): scene_of(split, c, 3) for c in split.conditions}
    inside = [scene for (factor, level), scene in scenes.items() if "inside" in (level, factor.partition("_")[2])]
    beyond = [scene for scene in scenes.values() if scene not in inside]
    assert len(inside) == len(beyond) == 1 + len(COUNTS)
    assert len(set(inside)) == len(set(beyond)) == 1
    assert inside[0].layout == beyond[0].layout == scene_of(split, CONTROL, 3).layout


def test_scenes_are_fair_and_one_thing_is_changed(split: Split) -> None:
    for condition in (split.conditions[0], split.conditions[-1]):
        scene, control = scene_of(split, condition, 1), scene_of(split, CONTROL, 1)
        assert problems(scene) == []
        assert (scene.camera == control.camera) is (split.name == "room_diversity")
        assert (scene.room == control.room) is (split.name == "camera_diversity")


def test_rooms_beyond_have_patterns_that_no_training_has() -> None:
    split = find_split("room_diversity")
    for condition, patterns in ((split.conditions[0], TRAINED_PATTERNS), (split.conditions[-1], BEYOND_PATTERNS)):
        rooms = [scene_of(split, condition, i).room for i in range(3)]
        assert {surface.pattern for room in rooms for surface in (room.table, room.floor, room.walls)} <= set(patterns)


def test_they_are_of_suite_version_2(split: Split) -> None:
    assert split.name in split_names(2)
    with pytest.raises(ParaBenchError, match="is not in suite version 1 but in 2"):
        find_split(split.name, version=1)
