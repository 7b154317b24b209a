"""Scenes of the protocol: pure functions of their names, paired with their controls, fair under every condition."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from para_bench.benchmarks.conditions import CONTROL, TrainingSet
from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.scenes import training_scene, validation_scene
from para_bench.benchmarks.splits import VALIDATION, split_names, split_row
from para_bench.benchmarks.versions import VERSIONS
from para_bench.envs.fair import problems
from para_bench.envs.shifts import identity

MOVES_THE_TASK = ("moved_together", "placed_anew", "object", "look_alikes")
SPLITS = {name: split_row(name, 1) for name in split_names(1)}
"""Of suite version 1."""
EVERY = {f"{name}@{number}": split_row(name, number) for number in VERSIONS for name in split_names(number)}
"""Of all versions."""
ALL = [(name, split, c) for name, split in (EVERY | {"validation": VALIDATION}).items() for c in split.all_conditions]


@pytest.mark.parametrize(("split", "condition"), [each[1:] for each in ALL], ids=[f"{name}-{'-'.join(c.key)}" for name, _, c in ALL])
def test_first_scene_of_every_condition_is_pure_and_fair(split, condition) -> None:
    index = condition.indices(64)[0]
    scene = scene_of(split, condition, index)
    assert scene == scene_of(split, condition, index)
    assert problems(scene) == []


@pytest.mark.slow
@pytest.mark.parametrize("split", EVERY.values(), ids=EVERY)
def test_many_scenes_of_every_condition_are_fair(split) -> None:
    for condition in split.all_conditions:
        if condition.shift is identity and condition != CONTROL:
            continue  # the factor is the training
        for index in condition.indices(128):  # the default profile has 100 a condition
            scene_of(split, condition, index)  # raises where no fair scene is found


@pytest.mark.parametrize("split", EVERY.values(), ids=EVERY)
def test_a_condition_keeps_the_task_of_its_control(split) -> None:
    """Unless its factor is the task; and it changes something, the scene or the training, unless its level is 0."""
    for condition in split.conditions:
        index = condition.indices(64)[0]
        control, shifted = scene_of(split, CONTROL, index), scene_of(split, condition, index)
        if condition.factor not in MOVES_THE_TASK:
            assert (control.layout, control.home) == (shifted.layout, shifted.home)
        if control == shifted:
            assert condition.level == "0" or condition.training not in (None, split.training)


@pytest.mark.parametrize("split", EVERY.values(), ids=EVERY)
def test_split_is_well_formed(split) -> None:
    keys = [condition.key for condition in split.all_conditions]
    assert len(set(keys)) == len(keys)
    assert split.trainings[0] == split.training
    assert split.about[0].islower()
    trainings = {t for s in EVERY.values() for t in s.trainings}
    names = [(t.suite_version, t.name) for t in trainings]
    for name in set(names):  # a name is a random stream: sets that share one differ in number alone
        same = {(t.placement, t.views, t.grid, t.world) for t in trainings if (t.suite_version, t.name) == name}
        assert len(same) == 1


def test_training_scenes_of_views_and_grids() -> None:
    left = SPLITS["view_hemisphere"].training
    assert all(training_scene(left, i, 0, 8).camera.position[1] > 0 for i in range(8))
    assert len({training_scene(left, i, 0, 8).camera for i in range(8)}) == 8
    grid = TrainingSet("grid", grid=True)
    places = {training_scene(grid, i, 0, 8).layout.object.xy for i in range(8)}
    assert len(places) == 8
    region = grid.placement.object
    assert any(np.allclose(place, region.low) for place in places)  # the near corners are in reach


def test_demonstrations_of_the_smaller_set_start_the_larger() -> None:
    small, large = TrainingSet(demos=4), TrainingSet(demos=8)
    assert [training_scene(small, i, 0, 4) for i in range(4)] == [training_scene(large, i, 0, 8) for i in range(4)]


def test_training_validation_and_test_scenes_are_disjoint() -> None:
    training = TrainingSet()
    hashes = [training_scene(training, i, 0, 10).hash for i in range(10)] + [validation_scene(training, i).hash for i in range(10)]
    hashes += [scene_of(split, CONTROL, i).hash for split in EVERY.values() for i in range(5)]
    hashes += [scene_of(VALIDATION, condition, i).hash for condition in VALIDATION.all_conditions for i in range(10)]
    assert len(set(hashes)) == len(hashes)


RELEASED = {
    "id": "234b5290e843cf38",
    "novel_view": "b9f3307ebe035371",
    "view_hemisphere": "3f4ef91129a47b45",
    "view_adaptation": "05798287039e7f1b",
    "left_to_right": "33d6329e85af46be",
    "near_to_far": "5596b555122ea284",
    "new_environment": "153f79055354dd4e",
    "lighting": "52ec715410503f67",
    "texture": "9a14936e77851f1d",
    "distractors": "7b5e456b0781ed84",
    "layout": "e35fc9b08919f52c",
    "object": "e0a8fa6d0c8fd575",
    "camera_intrinsics": "3ad988bb9b2e3c07",
    "calibration": "21251d005c0cdd71",
    "data_efficiency": "fa27aa28807a23ad",
    "combined": "65a0fcc569224e0c",
    "video_backbone": "ceae4e92119addcc",
}
"""The first scene of each split's last condition."""


def test_scenes_are_the_released_ones() -> None:
    """Records name their scenes by these hashes: where one changes, released records lose their scenes and a split needs a new version."""
    found = {}
    for name, split in SPLITS.items():
        last = split.all_conditions[-1]
        found[name] = scene_of(split, last, last.indices(100)[0]).hash
    assert found == RELEASED


def test_scenes_have_one_name_on_every_processor() -> None:
    """OpenBLAS picks its kernels by the processor, or as told here; they differ in the last bit of a camera's quaternion."""
    code = (
        "from para_bench.benchmarks.splits import find_split; from para_bench.benchmarks.scenes import test_scene as scene_of\n"
        "from para_bench.benchmarks.conditions import CONTROL\n"
        "print(*(scene_of(find_split('novel_view', version=1), CONTROL, i).hash for i in range(5)))"
    )
    for kernels in ("Haswell", "Nehalem"):
        told = os.environ | {"OPENBLAS_CORETYPE": kernels}
        found = subprocess.run([sys.executable, "-c", code], env=told, capture_output=True, text=True, check=True).stdout.split()
        assert found == [scene_of(SPLITS["novel_view"], CONTROL, i).hash for i in range(5)]
