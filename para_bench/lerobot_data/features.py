"""Keys of a frame in a LeRobot data set: inputs of policies, the calibration, and labels that no policy is given.

lerobot-train makes an input of every key that begins with `observation`, so the keys of calibration and labels begin otherwise.
Matrices are flattened: lerobot computes statistics of arrays with several axes as if they were pictures.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from para_bench.data.store import Frames
from para_bench.lerobot_data.yaw import double_yaw
from para_bench.tensors import pixel_shares
from para_bench.types import ACTIONS, Camera

FORMAT = "v3.0"
"""lerobot's `codebase_version`."""
FPS = 4
"""Frames a second: a waypoint takes 0.24 s, and lerobot's rates are whole numbers."""
ABOUT = "meta/para_bench.json"
"""File of the scenes, beside lerobot's own."""
IMAGE = "observation.images.front"
STATE, ACTION = "observation.state", "action"
NUMBERS = ("x", "y", "z", "sin_2yaw", "cos_2yaw", "opening")
"""Numbers of state and action: metres in world, sine and cosine of twice the yaw, 1 open."""
INTRINSICS, POSE = "camera.front.intrinsics", "camera.front.world_from_camera"
PIXEL = "label.front.gripper_pixel"
EXACT = {
    "label.waypoint": "actions",
    "label.gripper_pose": "gripper_pose",
    "label.gripper_yaw": "gripper_yaw",
    "label.gripper_opening": "gripper_opening",
    "label.qpos": "qpos",
}
"""Columns of float64 -> fields of `Frames`: import restores pictures and our own training from them."""
SCENE, VIEW, TIMESTEP = "label.scene", "label.view", "label.timestep"
"""Whole numbers: index into the scenes of ABOUT, into the scene's views, and frames of the demonstration before this one."""


def features(nq: int, image_size: int, video: bool) -> dict[str, dict[str, Any]]:
    """The features as LeRobotDataset.create takes them.

    Args:
        nq: Number of joint positions of a scene.
        image_size: Side of the pictures [px].
        video: Whether pictures are frames of a video instead of PNG.
    """
    picture = {
        "dtype": "video" if video else "image",
        "shape": (image_size, image_size, 3),
        "names": ["height", "width", "channels"],
    }
    widths = {"label.waypoint": ACTIONS.dim, "label.gripper_pose": 7, "label.gripper_yaw": 1, "label.gripper_opening": 1, "label.qpos": nq}
    return {
        IMAGE: picture,
        STATE: _row("float32", len(NUMBERS), NUMBERS),
        ACTION: _row("float32", len(NUMBERS), NUMBERS),
        INTRINSICS: _row("float32", 9),
        POSE: _row("float32", 16),
        PIXEL: _row("float32", 2, ("u", "v")),
        **{name: _row("float64", width) for name, width in widths.items()},
        **{name: _row("int64", 1) for name in (SCENE, VIEW, TIMESTEP)},
    }


def values(frames: Frames, index: int, scene: int, view: int, camera: Camera) -> dict[str, np.ndarray]:
    """Values of one frame in one view, without the picture.

    Args:
        frames: Frames of all demonstrations.
        index: Index of the frame.
        scene: Index of its demonstration.
        view: Index of the view.
        camera: Camera of the view, at the size of the pictures.
    """
    pose = frames.gripper_pose[index]
    pixel = pixel_shares(pose[:3], camera) * [camera.width, camera.height]
    return {
        STATE: _numbers(pose[:3], frames.gripper_yaw[index], frames.gripper_opening[index]),
        ACTION: _numbers(frames.actions[index, :3], *frames.actions[index, 3:]),
        INTRINSICS: camera.intrinsics.ravel().astype(np.float32),
        POSE: camera.world_from_camera.ravel().astype(np.float32),
        PIXEL: pixel.astype(np.float32),
        **{name: np.atleast_1d(getattr(frames, field)[index]).astype(np.float64) for name, field in EXACT.items()},
        SCENE: np.array([scene]),
        VIEW: np.array([view]),
        TIMESTEP: np.array([frames.timestep[index]]),
    }


def _row(dtype: str, width: int, names: tuple[str, ...] | None = None) -> dict[str, Any]:
    return {"dtype": dtype, "shape": (width,), "names": list(names) if names else None}


def _numbers(position: np.ndarray, yaw: float, opening: float) -> np.ndarray:
    return np.array([*position, *double_yaw(yaw), opening], np.float32)
