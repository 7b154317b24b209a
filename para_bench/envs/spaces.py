"""What the environment takes and gives, as Gymnasium spaces with finite bounds."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from para_bench.types import ActionSpec, Observation

FAR_M = 10.0
"""Farther than any camera, wall or point seen: a room is 5 m wide and drawn to 8 m (sim.build)."""
REACH_M = 2.0
"""Farther than the gripper of a table-top arm reaches."""
FOCAL = 100.0
"""Largest focal length, in sides of the image: a field of view of half a degree."""
_UNIT = 1 + 1e-6
"""Bound on the entries of a rotation, with round-off."""


def actions(spec: ActionSpec) -> gym.spaces.Box:
    """Waypoints (5,): the workspace [m], yaw [rad, modulo pi], opening [0, 1]."""
    low, high = np.array([*spec.low, -np.pi / 2, 0]), np.array([*spec.high, np.pi / 2, 1])
    return gym.spaces.Box(low.astype(np.float32), high.astype(np.float32))


def observations(height: int, width: int, depth: bool) -> gym.spaces.Dict:
    """The space that `values` returns points of; image sides in px."""
    agent = np.array([REACH_M] * 3 + [_UNIT] * 4 + [np.pi / 2, 1.0])
    pose = np.full((4, 4), _UNIT)
    pose[:3, 3] = FAR_M
    spaces: dict[str, gym.Space[Any]] = {
        "pixels": gym.spaces.Box(0, 255, (height, width, 3), np.uint8),
        "agent_pos": gym.spaces.Box(np.array([*-agent[:8], 0.0]), agent, dtype=np.float64),
        "intrinsics": gym.spaces.Box(0.0, FOCAL * max(height, width), (3, 3), np.float64),
        "world_from_camera": gym.spaces.Box(-pose, pose, dtype=np.float64),
    }
    if depth:
        spaces["depth"] = gym.spaces.Box(0, FAR_M, (height, width), np.float32)
    return gym.spaces.Dict(spaces)


def values(seen: Observation) -> dict[str, np.ndarray]:
    """An observation as a point of the space of `observations`."""
    found = {
        "pixels": seen.image,
        "agent_pos": np.array([*seen.gripper_pose, seen.gripper_yaw, seen.gripper_opening]),
        "intrinsics": seen.camera.intrinsics,
        "world_from_camera": seen.camera.world_from_camera,
    }
    return found | ({"depth": seen.depth} if seen.depth is not None else {})
