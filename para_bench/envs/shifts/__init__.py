"""Shifts: from a scene to the scene one factor away. Level 0 is the identity; what a shift leaves to chance comes from `rng`.

`views` moves the camera or lies about it, `positions` moves object and plate, `rooms` changes what surrounds the task, `objects` the
object itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from para_bench.envs.fair import problems
from para_bench.envs.sampling import ATTEMPTS
from para_bench.types import ParaBenchError, Scene, content_hash

Shift = Callable[[Scene, np.random.Generator], Scene]


def identity(scene: Scene, rng: np.random.Generator) -> Scene:
    """No shift: the in-distribution control."""
    return scene


def chain(*shifts: Shift) -> Shift:
    """One shift after the other, left to right."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        for each in shifts:
            scene = each(scene, rng)
        return scene

    return shift


def shifted(shift: Shift, scene: Scene, rng: np.random.Generator) -> Scene:
    """The shifted scene, drawn again until it is fair.

    Raises:
        ParaBenchError: no draw is fair.
    """
    found = ["never tried"]
    for _ in range(ATTEMPTS):
        candidate = shift(scene, rng)
        found = problems(candidate)
        if not found:
            return candidate
    raise ParaBenchError(f"the shifted scene is unfair: {found[0]}; allowed: a scene in which the shift keeps the task in view")


def physics_hash(scene: Scene) -> str:
    """Names what moves: equal for two scenes that differ only in what is seen (camera, calibration, colours, surfaces, light)."""
    bodies = [(p.shape, p.half_size, p.xy, p.yaw) for p in (scene.object, *scene.clutter)]
    return content_hash([bodies, scene.target_xy, scene.target_radius, scene.home])
