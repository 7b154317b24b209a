"""Things made of several props, about their own origin: how they are placed, painted and measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.types import Prop, Rgb

Parts = tuple[Prop, ...]
"""Props of one thing. `xy` [m] and `yaw` [rad] are in the frame of the thing, whose origin is its middle on the table."""


def at(parts: Parts, xy: tuple[float, float], yaw: float) -> Parts:
    """The thing stood on the table at `xy` [m, world], turned by `yaw` [rad]."""
    c, s = np.cos(yaw), np.sin(yaw)
    return tuple(
        replace(part, xy=(float(xy[0] + c * x - s * y), float(xy[1] + s * x + c * y)), yaw=float(part.yaw + yaw))
        for part in parts
        for x, y in [part.xy]
    )


def painted(parts: Parts, rgb: Rgb) -> Parts:
    """The thing in one colour."""
    return tuple(replace(part, rgb=rgb) for part in parts)


def radius(parts: Parts) -> float:
    """Of the smallest circle about the origin that holds the thing [m]."""
    return max(float(np.hypot(*part.xy)) + rim(part) for part in parts)


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
