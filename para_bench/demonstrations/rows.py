"""Rows of stored frames: what is known of one instant of an episode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from para_bench.data.store import Frames
from para_bench.envs.env import TaskEnv
from para_bench.tensors import pixel_shares, unit_intrinsics


def frame_row(env: TaskEnv, episode: int, timestep: int, action: np.ndarray) -> dict[str, Any]:
    """One row of `Frames`: the present state, and the waypoint that is commanded now."""
    simulation, camera = env.seen, env.scene.camera
    return {
        "episode": episode,
        "timestep": timestep,
        "qpos": simulation.data.qpos.copy(),
        "actions": action,
        "gripper_pose": simulation.gripper_pose,
        "gripper_yaw": simulation.gripper_yaw,
        "gripper_opening": simulation.gripper_opening,
        "gripper_pixel": pixel_shares(simulation.gripper_pose[:3], camera),
        "intrinsics": unit_intrinsics(camera),
        "world_from_camera": camera.world_from_camera,
    }


def stacked(rows: Sequence[Mapping[str, Any]]) -> Frames:
    """Rows as `Frames`, in order."""
    return Frames(**{name: np.stack([np.asarray(row[name]) for row in rows]) for name in rows[0]})
