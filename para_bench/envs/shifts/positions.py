"""Shifts of where the object and the target stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.envs.shifts import Shift
from para_bench.envs.shifts.look_alikes import among_others
from para_bench.sim.base import Placement
from para_bench.types import Scene


def moved(dx: float, dy: float) -> Shift:
    """Object and target moved together by (dx, dy) [m], as one rigid pair."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        return replace(scene, layout=scene.layout.moved(dx, dy))

    return shift


def placed(placement: Placement) -> Shift:
    """Object and target placed anew, each on its own, among other look-alikes where there were some; the object keeps its yaw."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        while True:
            object_xy = rng.uniform(placement.object.low, placement.object.high)
            target_xy = rng.uniform(placement.target.low, placement.target.high)
            if np.linalg.norm(object_xy - target_xy) >= placement.min_distance:
                break
        return among_others(replace(scene, layout=scene.layout.placed(tuple(object_xy.tolist()), tuple(target_xy.tolist()))), rng)

    return shift
