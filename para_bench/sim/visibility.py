"""What a camera sees of the surface of a geom."""

from __future__ import annotations

import mujoco
import numpy as np

from para_bench.geometry import project
from para_bench.sim.build import HIDDEN_GROUP
from para_bench.sim.simulation import Simulation
from para_bench.types import Camera


def in_view(points: np.ndarray, camera: Camera, border: float) -> bool:
    """Whether all world points (N, 3) [m] lie in the image, at least `border` (a share of its sides) from its edges."""
    pixels, depth = project(points, camera)
    size = np.array([camera.width, camera.height])
    inside = np.all((pixels > border * size) & (pixels < (1 - border) * size), axis=1) & (depth > 0)
    return bool(inside.all())


def share_seen(simulation: Simulation, points: np.ndarray, name: str, eye: np.ndarray) -> float:
    """Share of points whose first hit on the ray from the camera is the geom itself."""
    wanted, hit = simulation.model.geom(name).id, np.empty(1, np.int32)
    drawn = np.arange(6) != HIDDEN_GROUP
    seen = 0
    for ray in points - eye:
        length = np.linalg.norm(ray)
        distance = mujoco.mj_ray(simulation.model, simulation.data, eye, ray / length, drawn.astype(np.uint8), True, -1, hit)
        seen += hit[0] == wanted or not 0 <= distance < length - 1e-3  # a sample point just above a curved body counts as seen
    return seen / len(points)
