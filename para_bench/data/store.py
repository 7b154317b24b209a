"""Demonstrations <-> files: scenes, states, actions and calibration; images are drawn again from the states when needed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from para_bench.types import ACTION_SPEC, SUITE_VERSION, ParaBenchError, Scene, to_dict

_SCENES, _FRAMES, _META = "scenes.jsonl", "frames.npz", "meta.json"


@dataclass(frozen=True)
class Frames:
    """All frames of all demonstrations, one after the other (N of them)."""

    episode: np.ndarray
    """Index into the scenes. Shape (N,), int."""
    timestep: np.ndarray
    """Waypoints executed before this frame. Shape (N,), int."""
    qpos: np.ndarray
    """Joint positions of the whole scene. Shape (N, nq)."""
    actions: np.ndarray
    """Waypoint commanded at this frame. Shape (N, 5) as ACTION_SPEC."""
    gripper_pose: np.ndarray
    """World pose. Shape (N, 7): x y z [m], quaternion wxyz."""
    gripper_yaw: np.ndarray
    """Shape (N,) [rad]."""
    gripper_opening: np.ndarray
    """Shape (N,) in [0, 1]."""
    gripper_pixel: np.ndarray
    """The gripper in the scene's own camera at 1 x 1 image size. Shape (N, 2)."""
    intrinsics: np.ndarray
    """Of an image with side 1. Shape (N, 3, 3)."""
    world_from_camera: np.ndarray
    """Shape (N, 4, 4)."""

    def __len__(self) -> int:
        return len(self.episode)


@dataclass(frozen=True)
class Demonstrations:
    scenes: tuple[Scene, ...]
    frames: Frames

    @property
    def hash(self) -> str:
        """16 hex digits over the hashes of scenes and the frames (rounded to 1e-6, so that it does not hang on the last bit of a CPU)."""
        digest = hashlib.sha256("".join(scene.hash for scene in self.scenes).encode())
        for f in fields(self.frames):
            digest.update((np.round(getattr(self.frames, f.name), 6) + 0.0).tobytes())  # + 0.0: never -0.0
        return digest.hexdigest()[:16]


def save(demonstrations: Demonstrations, folder: Path) -> None:
    """Write a folder of three small files; the last one written makes it complete."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(to_dict(scene)) for scene in demonstrations.scenes]
    (folder / _SCENES).write_text("\n".join(lines) + "\n")
    np.savez_compressed(folder / _FRAMES, **{f.name: getattr(demonstrations.frames, f.name) for f in fields(Frames)})
    meta = {
        "suite_version": SUITE_VERSION,
        "action_spec": ACTION_SPEC,
        "demonstrations": len(demonstrations.scenes),
        "frames": len(demonstrations.frames),
        "hash": demonstrations.hash,
    }
    partial = folder / f"{_META}.{os.getpid()}"
    partial.write_text(json.dumps(meta, indent=2) + "\n")
    partial.replace(folder / _META)


def load(folder: Path, scene_of: Callable[[Any], Scene]) -> Demonstrations:
    """Read what `save` wrote; `scene_of` makes a scene of its plain JSON values (`envs.scenes.scene_from_dict`).

    Raises:
        ParaBenchError: nothing there, written for another spec, or damaged.
    """
    if not (folder / _META).exists():
        raise ParaBenchError(f"no demonstrations in {folder}; allowed: a folder written by `para-bench demos --out`")
    try:
        meta = json.loads((folder / _META).read_text())
        spec, written = meta["action_spec"], meta["hash"]
        scenes = tuple(scene_of(json.loads(line)) for line in (folder / _SCENES).read_text().splitlines())
        with np.load(folder / _FRAMES, allow_pickle=False) as arrays:
            found = Demonstrations(scenes, Frames(**{f.name: arrays[f.name] for f in fields(Frames)}))
    except Exception as error:  # zip, json and cattrs each have their own
        raise ParaBenchError(
            f"demonstrations in {folder} are damaged ({type(error).__name__}); delete the folder to make them again"
        ) from None
    if spec != ACTION_SPEC:
        raise ParaBenchError(f"demonstrations in {folder} are {spec!r}; allowed: {ACTION_SPEC!r}")
    if written != found.hash:
        raise ParaBenchError(
            f"demonstrations in {folder} have hash {found.hash}, written as {written}; delete the folder to make them again"
        )
    return found
