"""Shifts: from a scene to the scene one factor away. Level 0 is the identity; random choices come from `rng`.

`views` moves the camera or falsifies its calibration, `positions` moves object and plate, `rooms` changes what surrounds the task,
`objects` the object itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from para_bench.envs.fair import problems
from para_bench.envs.sampling import ATTEMPTS
from para_bench.types import ParaBenchError, Scene, content_hash, to_dict

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
    told = f"no fair shifted scene in {ATTEMPTS} draws, the last failed because {found[0]}"
    raise ParaBenchError(f"{told}; a shift without chance belongs into also_under of its split")


def physics_hash(scene: Scene) -> str:
    """Hash of what decides the physics: equal for two scenes that differ only in what is seen (camera, calibration, colours, surfaces,
    light, and when the policy sees it).
    """
    felt = _without_colours([to_dict(scene.layout), to_dict(scene.room.clutter)])
    return content_hash([felt, scene.home, scene.task, scene.robot, scene.rules, scene.disturbance])


def _without_colours(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_colours(part) for name, part in value.items() if not name.endswith(("rgb", "rgb2"))}
    return [_without_colours(part) for part in value] if isinstance(value, list | tuple) else value
