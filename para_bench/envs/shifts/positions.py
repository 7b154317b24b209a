"""Shifts of where the object and the plate stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.envs.sampling import Placement
from para_bench.envs.shifts import Shift
from para_bench.types import Scene


def moved(dx: float, dy: float) -> Shift:
    """Object and plate moved together by (dx, dy) [m], as one rigid pair."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        (x, y), (u, v) = scene.object.xy, scene.target_xy
        return replace(scene, object=replace(scene.object, xy=(x + dx, y + dy)), target_xy=(u + dx, v + dy))

    return shift


def placed(placement: Placement) -> Shift:
    """Object and plate placed anew, each on its own; the object keeps its yaw."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        while True:
            object_xy = rng.uniform(placement.object.low, placement.object.high)
            target_xy = rng.uniform(placement.target.low, placement.target.high)
            if np.linalg.norm(object_xy - target_xy) >= placement.min_distance:
                break
        return replace(scene, object=replace(scene.object, xy=tuple(object_xy.tolist())), target_xy=tuple(target_xy.tolist()))

    return shift
