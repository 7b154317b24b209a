"""Splits in which something happens: at a time and to a place that the scene alone decides, and fair."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.benchmarks.conditions import CONTROL
from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.splits import find_split
from para_bench.envs.fair import problems
from para_bench.envs.sampling import Region
from para_bench.envs.shifts.events import STEPS
from para_bench.tasks import TASKS
from para_bench.types import ParaBenchError

SCENES = 4


@pytest.mark.integration
@pytest.mark.parametrize("task", TASKS)
def test_the_object_is_moved_as_far_as_the_level_says(task: str) -> None:
    split = find_split("disturbed", task)
    for condition in split.conditions:
        for index in range(SCENES):
            control, scene = scene_of(split, CONTROL, index), scene_of(split, condition, index)
            moves = scene.disturbance
            assert moves is not None
            assert (scene.layout, scene.camera, scene.room) == (control.layout, control.camera, control.room)
            assert STEPS[0] <= moves.step <= STEPS[1]
            assert scene == scene_of(split, condition, index)
            assert problems(scene) == []
            distance = float(np.linalg.norm(np.subtract(moves.xy, control.layout.object.xy)))
            turn = abs(moves.yaw - control.layout.object.yaw)
            level = float(condition.level)
            wanted = (level / 100, 0.0) if condition.factor == "object_moved" else (0.0, np.radians(level))
            assert (distance, turn) == pytest.approx(wanted)
            assert (np.array(Region().low) <= moves.xy).all()
            assert (moves.xy <= np.array(Region().high)).all()


def test_late_scenes_are_those_of_the_control_seen_late() -> None:
    split = find_split("late")
    assert [scene_of(split, condition, 0).late for condition in split.all_conditions] == [0, 1, 2, 3]
    assert {scene_of(split, condition, 0).layout for condition in split.all_conditions} == {scene_of(split, CONTROL, 0).layout}
    assert split.factors[0].kind == "curve"


@pytest.mark.parametrize("name", ["disturbed", "late", "look_alikes", "stack.late"])
def test_the_first_version_is_without_them(name: str) -> None:
    with pytest.raises(ParaBenchError, match=f"split '{name}' is not in suite version 1 but in 2; allowed: id, novel_view"):
        find_split(name, version=1)
