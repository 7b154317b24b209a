"""Cameras that look at the workspace."""

from __future__ import annotations

import numpy as np

from para_bench.geometry import look_at

WORKSPACE_CENTRE = np.array([0.19, 0.0, 0.02])
"""Where the default camera and the lights look, world [m]."""


def default_camera_pose(distance: float, azimuth_deg: float, elevation_deg: float) -> tuple[tuple, tuple]:
    """Position and quaternion of a camera that looks at the workspace; azimuth 0 faces the arm, positive turns towards +y."""
    azimuth, elevation = np.radians([azimuth_deg, elevation_deg])
    direction = np.array([np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)])
    position = WORKSPACE_CENTRE + distance * direction
    return tuple(position.tolist()), look_at(position, WORKSPACE_CENTRE)
