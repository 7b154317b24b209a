"""What is checked of a split of another package: its shifts at every scene, its factors once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from para_bench.benchmarks.conditions import Condition, Split
from para_bench.benchmarks.foreign import check_factors, checked_shift
from para_bench.envs.sampling import sample_scene
from para_bench.envs.shifts import identity
from para_bench.records.factors import Factor
from para_bench.records.values import WrongValueError
from para_bench.types import ParaBenchError, Scene


@pytest.fixture(scope="module")
def scene() -> Scene:
    return sample_scene(np.random.default_rng(0))


def lifted(scene: Scene, height: float) -> Scene:
    return replace(scene, home=(*scene.home[:2], height, 0.0))


def test_a_shift_of_its_generator_alone_draws_as_it_would_unchecked(scene: Scene) -> None:
    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        return lifted(scene, float(rng.uniform(0.05, 0.1)))

    checked, plain = np.random.default_rng(1), np.random.default_rng(1)
    for _ in range(2):
        assert checked_shift(shift, "mine")(scene, checked) == shift(scene, plain)


def test_a_shift_of_other_chance_is_refused(scene: Scene) -> None:
    elsewhere = np.random.default_rng(2)
    with pytest.raises(ParaBenchError, match="mine: a shift made two different scenes of one"):
        checked_shift(lambda scene, _: lifted(scene, float(elsewhere.uniform(0.05, 0.1))), "mine")(scene, np.random.default_rng(1))


def test_a_shift_that_returns_no_scene_is_refused(scene: Scene) -> None:
    with pytest.raises(ParaBenchError, match="mine: a shift returned a NoneType; allowed: a Scene"):
        checked_shift(lambda *_: None, "mine")(scene, np.random.default_rng(1))  # pyright: ignore[reportArgumentType]


def split(factor: Factor, *levels: str) -> Split:
    return Split("mine", "mine", tuple(Condition("dim", level, identity) for level in levels), factors=(factor,))


@pytest.mark.parametrize(
    ("factor", "level"),
    [
        (Factor("dim"), "low"),
        (Factor("dim", "curve"), "0.5"),
        (Factor("dim", "curve", pooled=False, control_at=1.0), "-2"),
        (Factor("dim", "map"), "a0e7"),
        (Factor("id"), "low"),
    ],
)
def test_levels_that_their_kind_can_show_pass(factor: Factor, level: str) -> None:
    check_factors(split(factor, level))


@pytest.mark.parametrize(
    ("factor", "level", "words"),
    [
        (Factor("dimm"), "1", r"factors is 'dimm'; allowed: a factor of a condition \(id, dim\)"),
        (Factor("dim", "curve"), "low", "level of dim is 'low' of a curve; allowed: a number"),
        (Factor("dim", "curve"), "nan", "level of dim is 'nan' of a curve; allowed: a number"),
        (Factor("dim", "curve"), "-2", "level of dim is '-2' of a curve with pooled=True; allowed: 0 or more, or pooled=False"),
        (
            Factor("dim", "curve", control_at=100.0),
            "60",
            "control_at of dim is 100 of a curve .*; allowed: 0, or pooled=False",
        ),
        (Factor("dim", "map"), "left", "level of dim is 'left' of a map; allowed: two numbers, as a0e7"),
    ],
)
def test_levels_that_their_kind_cannot_show_are_refused(factor: Factor, level: str, words: str) -> None:
    with pytest.raises(WrongValueError, match=words):
        check_factors(split(factor, level))
