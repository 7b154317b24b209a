"""Scenes of the protocol: pure functions of their names, paired with their controls, fair under every condition."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.benchmarks import SPLITS
from para_bench.benchmarks.conditions import CONTROL, TrainingSet
from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.scenes import training_scene, validation_scene
from para_bench.envs.build import WORKSPACE_CENTRE
from para_bench.envs.sampling import DEFAULT_CAMERA
from para_bench.envs.validity import problems
from para_bench.geometry import view_angle_deg
from para_bench.types import ParaBenchError

ALL = [(split, condition) for split in SPLITS.values() for condition in split.all_conditions]


@pytest.mark.parametrize(("split", "condition"), ALL, ids=[f"{s.name}-{'-'.join(c.key)}" for s, c in ALL])
def test_first_scene_of_every_condition_is_pure_and_fair(split, condition) -> None:
    index = condition.indices(64)[0]
    scene = scene_of(split, condition, index)
    assert scene == scene_of(split, condition, index)
    assert problems(scene) == []


@pytest.mark.slow
@pytest.mark.parametrize("split", SPLITS.values(), ids=SPLITS)
def test_many_scenes_of_every_condition_are_fair(split) -> None:
    for condition in split.all_conditions:
        for index in condition.indices(320):  # the paper profile's scenes
            scene_of(split, condition, index)  # raises where no fair scene is found


@pytest.mark.parametrize("split", SPLITS.values(), ids=SPLITS)
def test_a_condition_keeps_the_task_of_its_control(split) -> None:
    for condition in split.conditions:
        index = condition.indices(64)[0]
        control, shifted = scene_of(split, CONTROL, index), scene_of(split, condition, index)
        assert (control.object, control.target_xy, control.home) == (shifted.object, shifted.target_xy, shifted.home)
        assert control != shifted


def test_view_grid_covers_64_cells_within_25_deg() -> None:
    split = SPLITS["novel_view"]
    cells = [c for c in split.conditions if c.factor == "view_grid"]
    assert len({c.level for c in cells}) == 64
    assert sorted(i for c in cells for i in c.indices(64)) == list(range(64))
    for cell in cells:
        camera = cell.shift(scene_of(split, CONTROL, 0), np.random.default_rng(0)).camera
        assert view_angle_deg(camera, DEFAULT_CAMERA, WORKSPACE_CENTRE) <= 25


def test_training_validation_and_test_scenes_are_disjoint() -> None:
    training = TrainingSet()
    hashes = [training_scene(training, i, 0).hash for i in range(10)] + [validation_scene(training, i).hash for i in range(10)]
    hashes += [scene_of(split, CONTROL, i).hash for split in SPLITS.values() for i in range(10)]
    assert len(set(hashes)) == len(hashes)


def test_unknown_condition_names_the_known_ones() -> None:
    with pytest.raises(ParaBenchError, match=r"environment 7.*environment 1"):
        SPLITS["new_environment"].condition("environment", "7")
