"""Cameras that look at the workspace."""

from __future__ import annotations

import numpy as np

from para_bench.geometry import look_at, turn
from para_bench.types import Camera

WORKSPACE_CENTRE = np.array([0.19, 0.0, 0.02])
"""Where the default camera and the lights look, world [m]."""


def default_camera_pose(distance: float, azimuth_deg: float, elevation_deg: float) -> tuple[tuple, tuple]:
    """Position and quaternion of a camera that looks at the workspace; azimuth 0 faces the arm, positive turns towards +y."""
    azimuth, elevation = np.radians([azimuth_deg, elevation_deg])
    direction = np.array([np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)])
    position = WORKSPACE_CENTRE + distance * direction
    return tuple(position.tolist()), look_at(position, WORKSPACE_CENTRE)


def camera_at(
    azimuth_deg: float,
    elevation_deg: float,
    distance_m: float,
    fovy_deg: float,
    roll_deg: float = 0.0,
    look_at_m: tuple[float, float] = (0.0, 0.0),
) -> Camera:
    """A camera on a sphere around WORKSPACE_CENTRE, as `default_camera_pose`.

    Args:
        azimuth_deg: 0 faces the arm, positive turns towards +y.
        elevation_deg: Above the table.
        distance_m: From WORKSPACE_CENTRE.
        fovy_deg: Vertical field of view.
        roll_deg: Turn about the optical axis; positive turns the camera clockwise as seen from behind it.
        look_at_m: Where it looks, as an offset from WORKSPACE_CENTRE along world x and y.
    """
    position, _ = default_camera_pose(distance_m, azimuth_deg, elevation_deg)
    level = Camera(position, look_at(np.asarray(position), WORKSPACE_CENTRE + np.array([*look_at_m, 0.0])), fovy_deg)
    return turn(level, 0.0, 0.0, roll_deg, fovy_deg)
