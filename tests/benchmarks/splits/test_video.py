"""The split of the video backbone: three ways to train on it, each in and out of distribution."""

from __future__ import annotations

import pytest

from para_bench.benchmarks.conditions import CONTROL
from para_bench.benchmarks.profiles import VIDEO_REGIMES
from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.scenes import training_scene
from para_bench.benchmarks.splits.video import SHIFTS, video_backbone


def test_every_regime_is_tested_under_every_shift_once() -> None:
    split = video_backbone()
    assert split.training_of(CONTROL).video == "two_stage"
    cells = [("two_stage", "id"), *(condition.key for condition in split.conditions)]  # the control is one of the cells
    assert sorted(cells) == sorted((regime, shift) for regime in VIDEO_REGIMES for shift in SHIFTS)
    for condition in split.conditions:
        assert split.training_of(condition).video == condition.factor


@pytest.mark.parametrize("shift", SHIFTS)
def test_regimes_meet_the_same_kind_of_scene(shift: str) -> None:
    split = video_backbone()
    control, frozen, joint = (scene_of(split, c, 0) for c in (CONTROL, split.condition("frozen", shift), split.condition("joint", shift)))
    assert frozen.layout == joint.layout == control.layout
    assert (frozen == control) == (joint == control) == (shift == "id")


def test_regimes_train_on_the_same_demonstrations() -> None:
    assert len({training_scene(training, 0, 0, 1).hash for training in video_backbone().trainings}) == 1
