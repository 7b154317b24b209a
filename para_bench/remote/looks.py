"""PARTS: what a policy can be given of one look, by name; a keys file says which parts it gets, and under which names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from scipy.spatial.transform import Rotation

from para_bench.lerobot_data.yaw import double_yaw
from para_bench.types import Observation

TEXT = "text:"
"""Begins a part that is always the same text."""
FINGER_M = 0.04
"""Travel of one finger of the Panda hand, whose two positions LIBERO's state holds [m]."""
APPROACHES = ("x", "z")
"""Axis of the gripper's frame along which it approaches: x here, z with the Panda hand; in both, y is the closing direction."""


class Look(NamedTuple):
    """One observation, and when it was made."""

    seen: Observation
    task: str
    """The task in words."""
    seed: int = 0
    """Seed of the episode, for a policy's own noise."""
    index: int = 0
    """Number of earlier looks in this episode."""
    approach: str = "x"
    """One of APPROACHES."""

    @property
    def rotation(self) -> Rotation:
        """Rotation world from gripper, in the frame of `approach`."""
        return gripper_rotation(self.seen, self.approach)


def gripper_rotation(seen: Observation, approach: str) -> Rotation:
    """Rotation world from gripper; with approach z its axes are (-z, y, x) of our gripper frame."""
    found = Rotation.from_quat(seen.gripper_pose[[4, 5, 6, 3]])
    return found * Rotation.from_matrix([[0, 0, 1], [0, 1, 0], [-1, 0, 0]]) if approach == "z" else found


def _camera(look: Look) -> dict[str, Any]:
    camera = look.seen.camera
    place = {"position": list(camera.position), "quat_wxyz": list(camera.quat_wxyz)}
    return place | {"fovy_deg": float(camera.fovy_deg), "width": camera.width, "height": camera.height}


def _fingers(look: Look) -> np.ndarray:
    return FINGER_M * look.seen.gripper_opening * np.array([1.0, -1.0])


PARTS: dict[str, Callable[[Look], Any]] = {
    "image": lambda look: look.seen.image,
    "image_chw": lambda look: np.ascontiguousarray(look.seen.image.transpose(2, 0, 1)),
    "black_image": lambda look: np.zeros_like(look.seen.image),
    "depth": lambda look: look.seen.depth,
    "gripper_pose": lambda look: look.seen.gripper_pose,
    "position": lambda look: look.seen.gripper_pose[:3],
    "quat_wxyz": lambda look: look.rotation.as_quat()[[3, 0, 1, 2]],
    "quat_xyzw": lambda look: look.rotation.as_quat(),
    "axis_angle": lambda look: look.rotation.as_rotvec(),
    "euler_xyz": lambda look: look.rotation.as_euler("xyz"),
    "yaw": lambda look: np.array([look.seen.gripper_yaw]),
    "double_yaw": lambda look: double_yaw(look.seen.gripper_yaw),
    "opening": lambda look: np.array([look.seen.gripper_opening]),
    "closing": lambda look: np.array([1 - look.seen.gripper_opening]),
    "fingers": _fingers,
    "intrinsics": lambda look: look.seen.camera.intrinsics,
    "world_from_camera": lambda look: look.seen.camera.world_from_camera,
    "camera": _camera,
    "prompt": lambda look: look.task,
    "episode_seed": lambda look: look.seed,
    "look_index": lambda look: look.index,
}
"""Image (H, W, 3) uint8 and its (3, H, W); depth (H, W) float32 [m]; `gripper_pose` (7,): x y z [m, world], quaternion wxyz, frame
approach x; rotations of the gripper in world, in the frame that the keys file names; `yaw` of the closing axis [rad];
`double_yaw` (2,): sine and cosine of twice it; `opening` in [0, 1] and `closing` = 1 - opening; `fingers` (2,) as LIBERO's; the calibration
as matrices (3, 3) and (4, 4), or as numbers that make them."""
VECTORS = (
    *("gripper_pose", "position", "quat_wxyz", "quat_xyzw", "axis_angle", "euler_xyz", "yaw", "double_yaw", "opening", "closing"),
    "fingers",
)
"""Parts that a list may concatenate into one vector."""
CALIBRATION = ("intrinsics", "world_from_camera", "camera")

Template = Mapping[str, Any]
"""The policy's names -> a part, a list of VECTORS, or an object of these."""


def told(template: Template, look: Look) -> dict[str, Any]:
    """What the policy gets: arrays are the observation's own, vectors float64."""
    return {name: _part(part, look) for name, part in template.items()}


def parts_of(template: Template) -> Iterator[str]:
    """Every part that a template names."""
    for part in template.values():
        if isinstance(part, Mapping):
            yield from parts_of(part)
        else:
            yield from (part,) if isinstance(part, str) else part


def sees(template: Template) -> str:
    """What a policy with this template is given, in the words of every table."""
    parts = set(parts_of(template))
    image, depth = bool(parts & {"image", "image_chw"}), "depth" in parts
    camera = " + calibration" if parts & set(CALIBRATION) else ""
    return f"{'RGB-D' if image and depth else 'RGB' if image else 'depth' if depth else 'no image'}{camera}"


def _part(part: Any, look: Look) -> Any:
    if isinstance(part, Mapping):
        return told(part, look)
    if not isinstance(part, str):
        return np.concatenate([np.asarray(PARTS[name](look), float) for name in part])
    return part.removeprefix(TEXT) if part.startswith(TEXT) else PARTS[part](look)
