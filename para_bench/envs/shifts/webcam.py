"""Shifts of the picture alone: what a webcam does to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.envs.shifts import Shift
from para_bench.types import Corruption, Scene


def corrupted(kind: str, amount: float, either_way: bool = False) -> Shift:
    """The same scene through a webcam with this corruption (`sim.webcam`); `either_way`: the amount or its negative, by chance."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        sign = -1.0 if either_way and rng.integers(2) else 1.0
        return replace(scene, corruption=Corruption(kind, sign * amount))

    return shift
