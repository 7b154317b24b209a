"""Shifts of what happens during the episode: the object is moved before the jaw closes, or the policy sees everything late."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.course import Disturbance
from para_bench.envs.sampling import ATTEMPTS, Region
from para_bench.envs.shifts import Shift
from para_bench.types import ParaBenchError, Scene

STEPS = (2, 4)
"""First and last waypoint after which the object is moved: the demonstrated jaw is above the object after the fifth, lower after the
sixth and closed after the tenth."""


def object_moved(distance_m: float) -> Shift:
    """Once during the episode the object is moved by this distance, in a random direction that leaves it in `Region`; its yaw stays.

    Raises:
        ParaBenchError: no direction leaves it in `Region`.
    """

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        step, region, xy = _step(rng), Region(), np.array(scene.layout.object.xy)
        for heading in rng.uniform(-np.pi, np.pi, ATTEMPTS):
            to = xy + distance_m * np.array([np.cos(heading), np.sin(heading)])
            if (to >= region.low).all() and (to <= region.high).all():
                return replace(scene, disturbance=Disturbance(step, (float(to[0]), float(to[1])), scene.layout.object.yaw))
        raise ParaBenchError(f"the object cannot be moved by {distance_m:g} m from {xy.tolist()}; allowed: to x, y within {region}")

    return shift


def object_turned(angle_deg: float) -> Shift:
    """Once during the episode the object is turned by this angle about the vertical, either way."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        step, turn = _step(rng), float(np.radians(angle_deg) * rng.choice([-1, 1]))
        return replace(scene, disturbance=Disturbance(step, scene.layout.object.xy, scene.layout.object.yaw + turn))

    return shift


def late(waypoints: int) -> Shift:
    """The policy gets the picture and the state of this many waypoints ago."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        return replace(scene, late=waypoints)

    return shift


def _step(rng: np.random.Generator) -> int:
    return int(rng.integers(STEPS[0], STEPS[1] + 1))
