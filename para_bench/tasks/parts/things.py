"""Things made of several props, about their own origin: how they are placed, painted and measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.sim.footprints import rim
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
    """Radius of the smallest circle about the origin that holds the thing [m]."""
    return max(float(np.hypot(*part.xy)) + rim(part) for part in parts)
