"""Random scenes: where the object and the plate stand, in a given room and under a given camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from para_bench.envs.fair import problems
from para_bench.sim.cameras import default_camera_pose
from para_bench.sim.rooms import HOME_ROOM, OBJECT_RGB, TARGET_RGB, Room
from para_bench.types import Camera, ParaBenchError, Prop, Scene

CAMERA_DISTANCE_M = 0.75
CAMERA_ELEVATION_DEG = 45.0
DEFAULT_CAMERA = Camera(*default_camera_pose(CAMERA_DISTANCE_M, 0.0, CAMERA_ELEVATION_DEG), fovy_deg=42.0)
"""A webcam that faces the arm."""
OBJECT = Prop("box", (0.0125, 0.036, 0.016), OBJECT_RGB, (0.2, 0.0))
"""The training object: 25 x 72 x 32 mm, longer than the jaw (58 mm) opens. The jaw lands on it from about 50 deg of yaw error on;
below that the object turns as the jaw closes (tests/benchmarks/test_diagnostics.py)."""
TARGET_RADIUS_M = 0.045
ATTEMPTS = 500
"""Tries before a sampler gives up; a fair scene takes about two."""


@dataclass(frozen=True)
class Region:
    """A rectangle on the table, world [m]."""

    low: tuple[float, float] = (0.15, -0.15)
    high: tuple[float, float] = (0.28, 0.15)


@dataclass(frozen=True)
class Placement:
    """Where objects and plates may stand."""

    object: Region = Region()
    target: Region = Region()
    min_distance: float = 0.09
    """Between their centres [m]."""


def room_fields(room: Room) -> dict:
    """A room as keyword arguments of `Scene`."""
    return {name: getattr(room, name) for name in asdict(room)}


def sample_scene(
    rng: np.random.Generator,
    placement: Placement | None = None,
    room: Room = HOME_ROOM,
    camera: Camera = DEFAULT_CAMERA,
    also_from: Sequence[Camera] = (),
) -> Scene:
    """A fair scene (validity.problems finds nothing), drawn by rejection; object and plate are in view from `also_from` too.

    Raises:
        ParaBenchError: none found; the placement or the camera leaves no room for one.
    """
    placement = placement or Placement()
    last = ["object and target never came apart"]
    for _ in range(ATTEMPTS):
        object_xy = rng.uniform(placement.object.low, placement.object.high)
        target_xy = rng.uniform(placement.target.low, placement.target.high)
        yaw = float(rng.uniform(-np.pi, np.pi))
        if np.linalg.norm(object_xy - target_xy) < placement.min_distance:
            continue
        scene = Scene(
            object=replace(OBJECT, xy=tuple(object_xy.tolist()), yaw=yaw),
            target_xy=tuple(target_xy.tolist()),
            target_radius=TARGET_RADIUS_M,
            target_rgb=TARGET_RGB,
            camera=camera,
            **room_fields(room),
        )
        last = problems(scene, also_from)
        if not last:
            return scene
    raise ParaBenchError(
        f"no fair scene in {ATTEMPTS} tries, the last failed because {last[0]}; allowed: a wider placement or another camera"
    )
