"""Demonstrations <-> files: scenes, states, actions and calibration; images are drawn again from the states when needed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from para_bench.files import check_regular, write_json, write_text, writing
from para_bench.types import ACTIONS, Camera, ParaBenchError, Room, Scene, content_hash, to_dict

_SCENES, _FRAMES, _META = "scenes.jsonl", "frames.npz", "meta.json"


@dataclass(frozen=True)
class Frames:
    """All frames of all demonstrations, one after the other (N of them)."""

    episode: np.ndarray
    """Index into the scenes. Shape (N,), int."""
    timestep: np.ndarray
    """Number of frames of the demonstration before this one. Shape (N,), int."""
    qpos: np.ndarray
    """Joint positions of the whole scene. Shape (N, nq)."""
    actions: np.ndarray
    """Where the gripper is commanded to be one waypoint's time after this frame. Shape (N, 5) as ACTIONS.text."""
    gripper_pose: np.ndarray
    """World pose. Shape (N, 7): x y z [m], quaternion wxyz."""
    gripper_yaw: np.ndarray
    """Shape (N,) [rad]."""
    gripper_opening: np.ndarray
    """Shape (N,) in [0, 1]."""
    gripper_pixel: np.ndarray
    """The gripper in the scene's own camera at 1 x 1 image size. Shape (N, 2)."""
    intrinsics: np.ndarray
    """Intrinsics of an image with side 1. Shape (N, 3, 3)."""
    world_from_camera: np.ndarray
    """Shape (N, 4, 4)."""

    def __len__(self) -> int:
        return len(self.episode)


_WHOLE = ("episode", "timestep")
_SHAPES = {
    "episode": (),
    "timestep": (),
    "actions": (ACTIONS.dim,),
    "gripper_pose": (7,),
    "gripper_yaw": (),
    "gripper_opening": (),
    "gripper_pixel": (2,),
    "intrinsics": (3, 3),
    "world_from_camera": (4, 4),
}
"""Shape of each array for one frame; `qpos` is as wide as the scene has joints."""


@dataclass(frozen=True)
class View:
    """How a scene is seen."""

    camera: Camera
    room: Room


@dataclass(frozen=True)
class Demonstrations:
    scenes: tuple[Scene, ...]
    frames: Frames
    stride: int = 1
    """Frames a waypoint: 1 where there is one at each waypoint, 4 where there is one every 0.06 s."""
    views: tuple[tuple[View, ...], ...] = ()
    """For each demonstration, the views that its images are drawn in, in turn; empty: the scene's own. They are not written to files."""

    @property
    def hash(self) -> str:
        """16 hex digits over the hashes of scenes and the frames (rounded to 1e-6, so that it does not depend on the last bit of a CPU)."""
        digest = hashlib.sha256("".join(scene.hash for scene in self.scenes).encode())
        for f in fields(self.frames):
            digest.update((np.round(getattr(self.frames, f.name), 6) + 0.0).tobytes())  # + 0.0: never -0.0
        if self.stride != 1 or self.views:
            parts = {part for views in self.views for view in views for part in (view.camera, view.room)}
            names = {part: content_hash(part) for part in parts}
            seen = [[(names[view.camera], names[view.room]) for view in views] for views in self.views]
            digest.update(content_hash([self.stride, seen]).encode())
        return digest.hexdigest()[:16]

    def at_waypoints(self) -> Demonstrations:
        """The same demonstrations with one frame a waypoint."""
        starts = np.searchsorted(self.frames.episode, np.arange(len(self.scenes)))
        index = np.flatnonzero((np.arange(len(self.frames)) - starts[self.frames.episode]) % self.stride == 0)
        frames = Frames(**{f.name: getattr(self.frames, f.name)[index] for f in fields(Frames)})
        return replace(self, frames=frames, stride=1)


def save(demonstrations: Demonstrations, folder: Path, suite_version: str = "1") -> None:
    """Write a folder of three small files; the last one written makes it complete.

    Raises:
        ParaBenchError: a file cannot be written.
    """
    lines = [json.dumps(to_dict(scene)) for scene in demonstrations.scenes]
    write_text(folder / _SCENES, "\n".join(lines) + "\n")
    with writing(folder / _FRAMES) as partial:
        np.savez_compressed(partial, **{f.name: getattr(demonstrations.frames, f.name) for f in fields(Frames)})
    meta = {
        "suite_version": suite_version,
        "action_spec": ACTIONS.text,
        "demonstrations": len(demonstrations.scenes),
        "frames": len(demonstrations.frames),
        **({"stride": demonstrations.stride} if demonstrations.stride != 1 else {}),
        "hash": demonstrations.hash,
    }
    write_json(folder / _META, meta)


def load(folder: Path, scene_of: Callable[[Any], Scene]) -> Demonstrations:
    """Read what `save` wrote; `scene_of` makes a scene of its plain JSON values (`envs.scenes.scene_from_dict`).

    Raises:
        ParaBenchError: nothing there, written for another spec, or damaged.
    """
    for name in (_META, _SCENES, _FRAMES):
        check_regular(folder / name, "a file of demonstrations (delete the folder to make them again)")
    if not (folder / _META).exists():
        raise ParaBenchError(f"no demonstrations in {folder}; allowed: a folder written by `para-bench demos --out`")
    try:
        meta = json.loads((folder / _META).read_text())
        spec, written, counts = meta["action_spec"], meta["hash"], (meta["demonstrations"], meta["frames"])
        scenes = tuple(scene_of(json.loads(line)) for line in (folder / _SCENES).read_text().splitlines())
        with np.load(folder / _FRAMES, allow_pickle=False) as arrays:
            stride = meta.get("stride", 1)
            found = Demonstrations(scenes, Frames(**{f.name: arrays[f.name] for f in fields(Frames)}), stride)
        _check(found)
        if counts != (len(scenes), len(found.frames)):
            raise _DamagedError(f"{len(scenes)} scenes and {len(found.frames)} frames, written as {counts[0]} and {counts[1]}")
    except Exception as error:  # zip, json and cattrs each have their own
        why = str(error) if isinstance(error, _DamagedError) else type(error).__name__
        raise ParaBenchError(f"demonstrations in {folder} are damaged ({why}); delete the folder to make them again") from None
    if spec != ACTIONS.text:
        raise ParaBenchError(f"demonstrations in {folder} are {spec!r}; allowed: {ACTIONS.text!r}")
    if written != found.hash:
        raise ParaBenchError(
            f"demonstrations in {folder} have hash {found.hash}, written as {written}; delete the folder to make them again"
        )
    return found


class _DamagedError(Exception):
    """What is wrong with stored demonstrations."""


def _check(found: Demonstrations) -> None:
    """Every array has its shape and type, all numbers are finite, and frames lie in the order of their scenes."""
    frames, count, length = found.frames, len(found.scenes), len(found.frames.episode)
    shapes = {name: (length, *shape) for name, shape in _SHAPES.items()}
    for name, shape in {**shapes, "qpos": (length, *(frames.qpos.shape[1:2] or (0,)))}.items():
        value, whole = getattr(frames, name), name in _WHOLE
        if value.shape != shape or value.dtype.kind != ("i" if whole else "f"):
            allowed = f"{'whole numbers' if whole else 'floats'} of shape {shape}"
            raise _DamagedError(f"{name} is {value.dtype} of shape {value.shape}, allowed: {allowed}")
        if not np.isfinite(value).all():
            raise _DamagedError(f"{name} holds numbers that are not finite")
    if not np.array_equal(np.unique(frames.episode), np.arange(count)) or not count or (np.diff(frames.episode) < 0).any():
        raise _DamagedError(f"episodes are not 0 to {count - 1} in order")
    if (frames.timestep < 0).any():
        raise _DamagedError("a timestep is negative")
    if type(found.stride) is not int or found.stride < 1:
        raise _DamagedError(f"stride is {found.stride!r}, allowed: 1, 2, ...")
