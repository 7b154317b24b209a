"""Stored demonstrations seen from the cameras and in the rooms of a training: states and actions stay, images and calibration change."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from para_bench.bars import Bar
from para_bench.benchmarks.conditions import EACH, TrainingSet
from para_bench.data.store import Demonstrations, View
from para_bench.demonstrations.stored import demonstrations
from para_bench.envs.fair import hidden
from para_bench.envs.ranges import DEFAULT_VIEWPOINT, Viewpoint, training_room, training_view
from para_bench.envs.sampling import ATTEMPTS, DEFAULT_CAMERA
from para_bench.tensors import pixel_shares, unit_intrinsics
from para_bench.types import Camera, ParaBenchError, Room, Scene

Part = TypeVar("Part", Camera, Room)


def seen_demonstrations(training: TrainingSet, count: int, demo_seed: int, out: Path, progress: bool = True) -> Demonstrations:
    """As `stored.demonstrations`, seen as the training set says. A negative `demo_seed` means validation scenes, one view each."""
    states = demonstrations(training, count, demo_seed, out, progress)
    if (training.cameras, training.rooms) == (1, 1):
        return states
    if demo_seed < 0:
        new = TrainingSet(cameras=EACH if training.cameras != 1 else 1, rooms=EACH if training.rooms != 1 else 1)
        return seen_in(states, tuple(view for (view,) in views_of(new, states.scenes, demo_seed)))
    return replace(states, views=views_of(training, states.scenes, demo_seed, progress))


def views_of(training: TrainingSet, scenes: Sequence[Scene], demo_seed: int, progress: bool = False) -> tuple[tuple[View, ...], ...]:
    """The views that each demonstration's images are drawn in.

    Camera 0 and room 0 are the default ones, a training's 4 cameras are the first of another's 16, and all demonstrations share them:
    trainings with more cameras differ in nothing else. A demonstration skips views in which something of its task is hidden; its
    scene's own view is always fair. With one camera for each demonstration, that camera is drawn again until nothing is hidden.
    """
    bar = Bar(scenes, desc="views", disable=not progress, leave=False)
    if EACH in (training.cameras, training.rooms):
        return tuple((_own_view(training, scene, index, demo_seed),) for index, scene in enumerate(bar))
    cameras = [_camera(demo_seed, index) for index in range(int(training.cameras))]
    rooms = [_room(demo_seed, index, scenes[0]) for index in range(int(training.rooms))]
    return tuple(_fair_views(scene, cameras, rooms, index) or (View(scene.camera, scene.room),) for index, scene in enumerate(bar))


def seen_in(found: Demonstrations, views: tuple[View, ...]) -> Demonstrations:
    """Each demonstration in one view, as if it had been collected in it."""
    scenes = tuple(replace(scene, camera=view.camera, room=view.room) for scene, view in zip(found.scenes, views, strict=True))
    frames, cameras = found.frames, [views[int(episode)].camera for episode in found.frames.episode]
    changed = replace(
        frames,
        gripper_pixel=np.stack([pixel_shares(pose[:3], camera) for pose, camera in zip(frames.gripper_pose, cameras, strict=True)]),
        intrinsics=np.stack([unit_intrinsics(camera) for camera in cameras]),
        world_from_camera=np.stack([camera.world_from_camera for camera in cameras]),
    )
    return replace(found, scenes=scenes, frames=changed, views=())


def _fair_views(scene: Scene, cameras: list[Camera], rooms: list[Room], offset: int) -> tuple[View, ...]:
    """Cameras and rooms side by side, the shorter list repeated; which room meets which camera differs by demonstration."""
    count = max(len(cameras), len(rooms))
    views = [View(cameras[v % len(cameras)], rooms[(v + offset) % len(rooms)]) for v in range(count)]
    fair = []
    for room in dict.fromkeys(view.room for view in views):
        here = [view for view in views if view.room is room]
        unseen = hidden(replace(scene, room=room), [view.camera for view in here])
        fair += [view for view, problems in zip(here, unseen, strict=True) if not problems]
    return tuple(fair)


def _own_view(training: TrainingSet, scene: Scene, index: int, demo_seed: int) -> View:
    """The view of a demonstration that has its own camera, room or both; a part that it does not own is one of the K, in turn."""
    for attempt in range(ATTEMPTS):
        view = View(
            _one(training.cameras, scene.camera, index, attempt, lambda *draw: _camera(demo_seed, *draw)),
            _one(training.rooms, scene.room, index, attempt, lambda *draw: _room(demo_seed, draw[0], scene, *draw[1:])),
        )
        if not hidden(replace(scene, room=view.room), [view.camera])[0]:
            return view
    raise ParaBenchError(f"no view of the range shows scene {scene.hash} in {ATTEMPTS} draws; allowed: a range in which one does")


def _one(count: int | str, default: Part, index: int, attempt: int, draw: Callable[..., Part]) -> Part:
    if count == 1:
        return default
    return draw(index, attempt) if count == EACH else draw((index + attempt) % int(count))


def viewpoint(demo_seed: int, index: int, attempt: int = 0) -> Viewpoint:
    """The viewpoint of camera `index` of a training; of validation demonstrations where the seed is negative."""
    if (demo_seed, index, attempt) == (max(demo_seed, 0), 0, 0):
        return DEFAULT_VIEWPOINT
    return training_view(_rng("camera", demo_seed, index, attempt))


def _camera(demo_seed: int, index: int, attempt: int = 0) -> Camera:
    view = viewpoint(demo_seed, index, attempt)
    return DEFAULT_CAMERA if view is DEFAULT_VIEWPOINT else view.camera


def _room(demo_seed: int, index: int, scene: Scene, attempt: int = 0) -> Room:
    if (demo_seed, index, attempt) == (max(demo_seed, 0), 0, 0):
        return scene.room
    return training_room(_rng("room", demo_seed, index, attempt), scene)


def _rng(*words: str | int) -> np.random.Generator:
    """A stream of its own for every name; none is one of the test scenes'."""
    return np.random.default_rng([zlib.crc32(str(word).encode()) for word in ("seen", *words)])
