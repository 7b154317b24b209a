"""Collecting demonstrations with the expert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from para_bench.bars import Bar
from para_bench.data.store import Demonstrations, Frames
from para_bench.envs.env import TaskEnv
from para_bench.tensors import pixel_shares, unit_intrinsics
from para_bench.types import Camera, ParaBenchError, Scene


def collect(scenes: Sequence[Scene], progress: bool = False) -> Demonstrations:
    """Run the expert through the executor that runs policies, one demonstration a scene.

    Raises:
        ParaBenchError: the expert failed in a scene; a training set is never thinned silently.
    """
    env, rows = TaskEnv(), []
    for index, scene in enumerate(Bar(scenes, desc="demonstrations", disable=not progress)):
        env.start(scene)
        for timestep, action in enumerate(env.task.waypoints(scene, env.robot)):
            rows.append(frame_row(env, index, timestep, action))
            reason = env.advance(action)
            if reason:
                raise ParaBenchError(f"the expert stopped in scene {scene.hash}: {reason}; allowed: a scene that is fair")
        if not env.progress.success_once:
            raise ParaBenchError(f"the expert failed in scene {scene.hash}; allowed: a scene that is fair")
    return Demonstrations(tuple(scenes), stacked(rows))


def frame_row(env: TaskEnv, episode: int, timestep: int, action: np.ndarray) -> dict[str, Any]:
    """One row of `Frames`: the present state, and the waypoint that is commanded now."""
    simulation, camera = env.simulation, env.scene.camera
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
    """Rows in order."""
    return Frames(**{name: np.stack([np.asarray(row[name]) for row in rows]) for name in rows[0]})


def seen_from(demonstrations: Demonstrations, camera: Camera) -> Demonstrations:
    """The same demonstrations with another camera: states and actions stay, images and calibration follow it."""
    frames = demonstrations.frames
    changed = replace(
        frames,
        gripper_pixel=pixel_shares(frames.gripper_pose[:, :3], camera),
        intrinsics=np.broadcast_to(unit_intrinsics(camera), frames.intrinsics.shape),
        world_from_camera=np.broadcast_to(camera.world_from_camera, frames.world_from_camera.shape),
    )
    return Demonstrations(tuple(replace(scene, camera=camera) for scene in demonstrations.scenes), changed)
