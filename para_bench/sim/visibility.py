"""What a camera sees of the surface of a geom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from para_bench.geometry import project
from para_bench.types import Camera

if TYPE_CHECKING:
    from para_bench.sim.simulation import Simulation


def in_view(points: np.ndarray, camera: Camera, border: float) -> bool:
    """Whether all world points (N, 3) [m] lie in the image, at least `border` (a share of its sides) from its edges."""
    pixels, depth = project(points, camera)
    size = np.array([camera.width, camera.height])
    inside = np.all((pixels > border * size) & (pixels < (1 - border) * size), axis=1) & (depth > 0)
    return bool(inside.all())


def part_of(geom: str, thing: str) -> bool:
    """Whether a geom is the thing or a part of it: of the thing "target", the geoms "target", "target/1", "target/2"."""
    return geom == thing or geom.startswith(f"{thing}/")


def share_seen(simulation: Simulation, points: np.ndarray, thing: str, eye: np.ndarray) -> float:
    """Share of points whose first hit on the ray from the camera is a geom of the thing itself."""
    import mujoco

    from para_bench.sim.build import HIDDEN_GROUP

    model, hit = simulation.model, np.empty(1, np.int32)
    wanted = {index for index in range(model.ngeom) if part_of(model.geom(index).name, thing)}
    drawn = np.arange(6) != HIDDEN_GROUP
    seen = 0
    for ray in points - eye:
        length = np.linalg.norm(ray)
        distance = mujoco.mj_ray(model, simulation.data, eye, ray / length, drawn.astype(np.uint8), True, -1, hit)
        seen += int(hit[0]) in wanted or not 0 <= distance < length - 1e-3  # a sample point just above a curved body counts as seen
    return seen / len(points)
