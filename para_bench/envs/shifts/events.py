"""Shifts of what happens during the episode: the object is moved before the jaw closes, or the policy sees everything late."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.course import Disturbance
from para_bench.envs.shifts import Shift
from para_bench.types import Scene

STEPS = (2, 4)
"""First and last waypoint after which the object is moved: the demonstrated jaw is above the object after the fifth, lower after the
sixth and closed after the tenth."""


def object_moved(distance_m: float) -> Shift:
    """The object is moved so far in any direction, keeping its yaw, once during the episode."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        step, heading = _step(rng), float(rng.uniform(-np.pi, np.pi))
        (x, y), yaw = scene.layout.object.xy, scene.layout.object.yaw
        to = (float(x + distance_m * np.cos(heading)), float(y + distance_m * np.sin(heading)))
        return replace(scene, disturbance=Disturbance(step, to, yaw))

    return shift


def object_turned(angle_deg: float) -> Shift:
    """The object is turned so far about the vertical, either way, once during the episode."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        step, turn = _step(rng), float(np.radians(angle_deg) * rng.choice([-1, 1]))
        return replace(scene, disturbance=Disturbance(step, scene.layout.object.xy, scene.layout.object.yaw + turn))

    return shift


def late(waypoints: int) -> Shift:
    """The policy gets the picture and the state of so many waypoints ago."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        return replace(scene, late=waypoints)

    return shift


def _step(rng: np.random.Generator) -> int:
    return int(rng.integers(STEPS[0], STEPS[1] + 1))
