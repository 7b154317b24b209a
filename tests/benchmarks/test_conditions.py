"""Conditions, training sets and splits, of one task or another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from para_bench.benchmarks.conditions import CONTROL, DEFAULT_TRAINING, Condition, Split, TrainingSet, name_on
from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.scenes import training_scene, validation_scene
from para_bench.benchmarks.splits import SPLITS, find_split, known_split
from para_bench.envs.shifts import identity
from para_bench.types import ParaBenchError


def test_unknown_condition_names_the_known_ones() -> None:
    with pytest.raises(ParaBenchError, match=r"environment 7.*environment 1"):
        SPLITS["new_environment"].condition("environment", "7")


def test_names_say_the_task_and_robot_where_they_are_not_those_of_version_1() -> None:
    assert name_on("id", "place", "so101") == "id"
    assert name_on("id", "stack", "so101") == "stack.id"
    assert name_on("id", "place", "other") == "place-other.id"


@pytest.mark.parametrize("name", SPLITS)
def test_a_split_of_another_task_has_names_and_trainings_of_its_own(name: str) -> None:
    place, stack = find_split(name), find_split(f"stack.{name}")
    assert (stack.name, stack.row, stack.task) == (f"stack.{name}", name, "stack")
    assert stack == find_split(name, "stack") == place.on("stack")
    assert stack.on("stack") is stack
    assert [c.key for c in stack.all_conditions] == [c.key for c in place.all_conditions]
    for mine, theirs in zip(stack.trainings, place.trainings, strict=True):
        assert (mine.name, mine.task) == (f"stack.{theirs.name}", "stack")
        assert mine.count(20) == theirs.count(20)
        assert mine.adapts == (theirs.adapts and theirs.adapts.on("stack", "so101"))
    assert place.on("place") is place


def test_scenes_of_another_task_come_from_streams_of_their_own() -> None:
    place, stack = (find_split(name, version=1) for name in ("novel_view", "stack.novel_view"))
    splits = (place, stack)
    pairs = [(scene_of(s, CONTROL, 0), training_scene(s.training, 0, 0, 1), validation_scene(s.training, 0)) for s in splits]
    for one, other in zip(*pairs, strict=True):
        assert (one.task, other.task) == ("place", "stack")
        assert one.layout.object.xy != other.layout.object.xy
    same = replace(stack, name="novel_view")  # the name is the stream: nothing else keeps the two apart
    assert scene_of(same, CONTROL, 0).layout.object.xy == pairs[0][0].layout.object.xy


@pytest.mark.parametrize("name", ["nowhere", "stack.nowhere", "fold.id", "stack.", "place.id"])
def test_an_unknown_split_is_one_line_with_the_allowed_ones(name: str) -> None:
    with pytest.raises(ParaBenchError, match=r"is unknown; allowed: id, novel_view, .*, with TASK\. before it") as told:
        find_split(name)
    assert repr(name) in str(told.value)
    assert "\n" not in str(told.value)
    assert known_split(name) is None


def test_an_unknown_task_or_robot_names_the_allowed_ones() -> None:
    with pytest.raises(ParaBenchError, match="'fold' is unknown; allowed: place, stack"):
        find_split("id", "fold")
    with pytest.raises(ParaBenchError, match="'hand' is unknown; allowed: so101"):
        find_split("id", "place", "hand")


def test_a_share_spreads_the_scenes_of_a_map() -> None:
    cells = [Condition("map", str(i), identity, share=(i, 4)) for i in range(4)]
    assert [cell.indices(6) for cell in cells] == [[0, 4], [1, 5], [2], [3]]
    assert CONTROL.indices(3) == [0, 1, 2]


def test_trainings_are_distinct_and_the_split_s_own_comes_first() -> None:
    few, many = TrainingSet(demos=4), TrainingSet(demos=8)
    conditions = (Condition("demos", "8", identity, training=many), Condition("again", "8", identity, training=many))
    split = Split("mine", "about", conditions, training=few)
    assert split.trainings == (few, many)
    assert split.training_of(CONTROL) == few
    assert (few.count(20), DEFAULT_TRAINING.count(20)) == (4, 20)
