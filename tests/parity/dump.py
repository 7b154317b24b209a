"""Demonstrations as plain arrays: the one file that both environments read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

STATE_NAMES = ("x", "y", "z", "sin_2yaw", "cos_2yaw", "opening")
"""Of `state` and `action`: para_bench.tensors.encode_actions."""
WAYPOINT_NAMES = ("x", "y", "z", "yaw", "opening")
"""Of `waypoint`: para_bench.types.ACTIONS.names."""


@dataclass(frozen=True)
class Dump:
    """All frames of some demonstrations, one after the other (N of them)."""

    episode: np.ndarray
    """Index of the demonstration. Shape (N,), int64, ascending."""
    image: np.ndarray
    """What the training camera saw. Shape (N, H, W, 3), uint8."""
    state: np.ndarray
    """Proprioception as our heads get it, in about [-1, 1]. Shape (N, 6), float32, STATE_NAMES."""
    action: np.ndarray
    """Waypoint commanded at the frame, encoded as our heads regress it. Shape (N, 6), float32, STATE_NAMES."""
    waypoint: np.ndarray
    """The same in metres and radians. Shape (N, 5), float32, WAYPOINT_NAMES."""
    intrinsics: np.ndarray
    """Pixels of `image`. Shape (N, 3, 3), float32."""
    world_from_camera: np.ndarray
    """Shape (N, 4, 4), float32, OpenCV camera frame."""
    gripper_pixel: np.ndarray
    """Where the gripper is in `image`: u, v [px]. Shape (N, 2), float32."""
    levels: tuple[np.ndarray, ...]
    """The frozen backbone's maps as our heads get them, finest first. Shapes (N, D, H', W'), float16."""

    def __len__(self) -> int:
        return len(self.episode)


def save(dump: Dump, path: Path) -> None:
    """Write all or nothing."""
    arrays = {f.name: getattr(dump, f.name) for f in fields(Dump) if f.name != "levels"}
    arrays |= {f"level{i}": level for i, level in enumerate(dump.levels)}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.stem}.partial.npz")  # numpy adds .npz to any other name
    np.savez(partial, **arrays)
    partial.replace(path)


def load(path: Path) -> Dump:
    """Read what `save` wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        levels = tuple(arrays[f"level{i}"] for i in range(sum(name.startswith("level") for name in arrays.files)))
        return Dump(levels=levels, **{f.name: arrays[f.name] for f in fields(Dump) if f.name != "levels"})
