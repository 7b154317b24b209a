"""Splits of installed packages: what is checked of their factors once, and of their shifts at every scene."""

from __future__ import annotations

import copy
import functools
import math

import numpy as np

from para_bench.benchmarks.conditions import Split
from para_bench.envs.shifts import Shift
from para_bench.records.factors import Factor, cell_of
from para_bench.records.values import WrongValueError
from para_bench.types import ParaBenchError, Scene


def checked_shift(shift: Shift, who: str) -> Shift:
    """The same shift, which must return a scene, and with an equal generator the same one: every policy is tested on the same scenes.

    Args:
        shift: Of a plug-in.
        who: The plug-in in words, the start of messages.
    """

    @functools.wraps(shift)
    def call(scene: Scene, rng: np.random.Generator) -> Scene:
        equal = copy.deepcopy(rng)
        found, again = shift(scene, rng), shift(scene, equal)
        for each in (found, again):
            if not isinstance(each, Scene):
                raise ParaBenchError(f"{who}: a shift returned a {type(each).__name__}; allowed: a Scene")
        if found.hash != again.hash:
            raise ParaBenchError(f"{who}: a shift made two different scenes of one; allowed: random numbers of its generator alone")
        return found

    return call


def check_factors(split: Split) -> None:
    """Raises WrongValueError for a factor that no condition has, and for levels that its kind cannot show."""
    names = list(dict.fromkeys(condition.factor for condition in split.all_conditions))
    for factor in split.factors:
        if factor.name not in names:
            raise WrongValueError(repr(factor.name), f"a factor of a condition ({', '.join(names)})", "factors")
        levels = [condition.level for condition in split.conditions if condition.factor == factor.name]
        if factor.kind == "curve":
            _check_curve(factor, levels)
        elif factor.kind == "map" and (wrong := [level for level in levels if cell_of(level) is None]):
            raise WrongValueError(f"{wrong[0]!r} of a map", "two numbers, as a0e7", f"level of {factor.name}")


def _check_curve(factor: Factor, levels: list[str]) -> None:
    where = f"level of {factor.name}"
    for level in levels:
        try:
            value = float(level)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise WrongValueError(f"{level!r} of a curve", "a number", where)
        if factor.pooled and value < 0:
            raise WrongValueError(f"{level!r} of a curve with pooled=True", "0 or more, or pooled=False", where)
    if factor.pooled and factor.control_at:
        raise WrongValueError(f"{factor.control_at:g} of a curve with pooled=True", "0, or pooled=False", f"control_at of {factor.name}")
