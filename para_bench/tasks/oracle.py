"""The scripted expert: from the scene's own numbers to a list of gripper waypoints, run by the executor that runs policies."""

from __future__ import annotations

import numpy as np

from para_bench.geometry import wrap_yaw
from para_bench.sim.build import PLATE_HALF_HEIGHT
from para_bench.types import Scene

TRAVEL_Z = 0.07
"""Height of the gripper on its way between places [m]."""
RELEASE_GAP = 0.003
"""The object is let go this high above the plate [m]."""
# (name, waypoints): where the gripper goes and in how many steps of the executor.
_PHASES = (
    ("above object", 5),
    ("down", 3),
    ("close", 2),
    ("lift", 3),
    ("above target", 6),
    ("down", 3),
    ("open", 2),
    ("up", 3),
    ("stay", 2),
)
LENGTH = sum(count for _, count in _PHASES)
"""Waypoints of a demonstration."""


def grasp_pose(scene: Scene) -> tuple[np.ndarray, float]:
    """Where the jaw closes: world position (3,) [m] and yaw [rad], across the narrow side of the object."""
    x, y, z = scene.object.half_size
    yaw = scene.object.yaw + (0.0 if x <= y else np.pi / 2)
    return np.array([*scene.object.xy, z]), float(wrap_yaw(yaw))


def waypoints(scene: Scene) -> np.ndarray:
    """The demonstration's actions. Shape (LENGTH, 5) as ACTION_SPEC."""
    grasp, yaw = grasp_pose(scene)
    place = np.array([*scene.target_xy, grasp[2] + 2 * PLATE_HALF_HEIGHT + RELEASE_GAP])
    above_object, above_target = np.array([*grasp[:2], TRAVEL_Z]), np.array([*place[:2], TRAVEL_Z])
    ends = (above_object, grasp, grasp, above_object, above_target, place, place, above_target, above_target)
    openings = (1, 1, 0, 0, 0, 0, 1, 1, 1)
    actions, position = [], np.array(scene.home[:3])
    start_yaw, turn = scene.home[3], float(wrap_yaw(yaw - scene.home[3]))
    for index, ((_, count), end, opening) in enumerate(zip(_PHASES, ends, openings, strict=True)):
        for part in np.arange(1, count + 1) / count:
            point = position + _ease(part) * (end - position)
            turned = start_yaw + (_ease(part) if index == 0 else 1.0) * turn
            actions.append([*point, float(wrap_yaw(turned)), opening])
        position = end
    return np.array(actions)


def _ease(part: float) -> float:
    """Slow at both ends: the servos' lag is gone where it matters."""
    return 0.5 * part + 0.5 * part * part * (3 - 2 * part)
