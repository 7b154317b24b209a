"""Eighteen spoilt pictures and their control."""

from __future__ import annotations

import pytest

from para_bench.benchmarks.scenes import test_scene as scene_of
from para_bench.benchmarks.splits.webcam import LEVELS, webcam
from para_bench.envs.shifts import physics_hash

SPLIT = webcam()


def test_there_are_six_kinds_of_three_levels() -> None:
    assert [condition.key for condition in SPLIT.conditions] == [(kind, level) for kind in LEVELS for level in ("1", "2", "3")]


@pytest.mark.parametrize("condition", SPLIT.conditions, ids=lambda condition: "-".join(condition.key))
def test_scenes_are_the_control_through_a_webcam(condition) -> None:
    for index in range(3):
        control, found = scene_of(SPLIT, SPLIT.all_conditions[0], index), scene_of(SPLIT, condition, index)
        assert found.corruption is not None
        assert found.corruption.kind == condition.factor
        assert abs(found.corruption.amount) == abs(LEVELS[condition.factor][int(condition.level) - 1])
        assert control.corruption is None
        assert physics_hash(found) == physics_hash(control)
        assert (found.camera, found.told_camera) == (control.camera, None)


def test_exposures_go_both_ways() -> None:
    condition = SPLIT.condition("exposure", "3")
    amounts = {found.amount for index in range(20) if (found := scene_of(SPLIT, condition, index).corruption)}  # 20 scenes: 1 in 500,000
    assert amounts == {-1.0, 1.0}
