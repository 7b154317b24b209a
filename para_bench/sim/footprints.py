"""The outline of a prop on the table."""

from __future__ import annotations

import numpy as np

from para_bench.types import Prop


def rim(prop: Prop) -> float:
    """Largest distance of a prop's outline from its own centre [m]."""
    x, y, _ = prop.half_size
    return float(np.hypot(x, y)) if prop.shape == "box" else float(max(x, y))


def gap(prop: Prop, xy: tuple[float, float]) -> float:
    """Horizontal distance from a point [m, world] to the nearest point of a prop's outline [m]; 0 inside.

    An ellipsoid counts as the box around it.
    """
    dx, dy = np.subtract(xy, prop.xy)
    c, s = np.cos(prop.yaw), np.sin(prop.yaw)
    local = np.array([c * dx + s * dy, -s * dx + c * dy])
    if prop.shape in ("cylinder", "capsule"):
        return max(0.0, float(np.hypot(*local)) - prop.half_size[0])
    return float(np.linalg.norm(np.maximum(np.abs(local) - prop.half_size[:2], 0.0)))
