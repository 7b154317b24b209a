"""Splits over places and numbers of demonstrations."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from para_bench.benchmarks.conditions import CONTROL, DEFAULT_TRAINING, Split
from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.scenes import training_scene
from para_bench.benchmarks.splits import positions
from para_bench.envs.sampling import Region


def within(xy: tuple[float, float], region: Region) -> bool:
    return all(low - 1e-9 <= value <= high + 1e-9 for low, value, high in zip(region.low, xy, region.high, strict=True))


@pytest.mark.parametrize(
    ("make", "here", "there"),
    [
        (positions.left_to_right, positions.LEFT, positions.RIGHT),
        (positions.near_to_far, positions.NEAR, positions.FAR),
    ],
)
@pytest.mark.parametrize("task", ["place", "stack"])
def test_training_is_in_one_half_and_tests_are_in_the_other(make: Callable[[], Split], here: Region, there: Region, task: str) -> None:
    split = make().on(task)
    together, anew = split.conditions
    for i in range(4):
        taught, control = training_scene(split.training, i, 0, 4).layout, scene_of(split, CONTROL, i).layout
        for layout in (taught, control):
            assert within(layout.object.xy, here)
            assert within(layout.target_xy, here)
        moved, placed = (scene_of(split, condition, i).layout for condition in (together, anew))
        for layout in (moved, placed):
            assert within(layout.object.xy, there)
            assert within(layout.target_xy, there)
        step = [b - a for a, b in zip(control.object.xy, moved.object.xy, strict=True)]
        assert step == pytest.approx([b - a for a, b in zip(control.target_xy, moved.target_xy, strict=True)])  # as a pair
        assert placed.object.xy != moved.object.xy


def test_halves_share_nothing_but_their_border() -> None:
    assert positions.LEFT.low[1] == positions.RIGHT.high[1]
    assert positions.NEAR.high[0] == positions.FAR.low[0]


def test_data_efficiency_trains_as_its_levels_say_and_tests_in_distribution() -> None:
    split = positions.data_efficiency()
    for condition in split.conditions:
        training = split.training_of(condition)
        assert (training.demos, training.grid) == (int(condition.level), condition.factor == "demos_grid")
        assert scene_of(split, condition, 0) == scene_of(split, CONTROL, 0)
    assert split.training == DEFAULT_TRAINING
    assert len(split.trainings) == 1 + 2 * len(positions.DEMOS)
    assert all(factor.kind == "curve" and factor.logarithmic and not factor.pooled for factor in split.factors)
