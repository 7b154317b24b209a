"""Random scenes: where the things of a task stand, in a given room and under a given camera."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from para_bench.envs.fair import problems
from para_bench.robots import find_robot
from para_bench.sim.base import Placement, Region
from para_bench.sim.cameras import default_camera_pose
from para_bench.sim.rooms import HOME_ROOM
from para_bench.tasks import find_task
from para_bench.text import meant
from para_bench.types import Camera, ParaBenchError, Room, Scene

__all__ = ["DEFAULT_CAMERA", "Placement", "Region", "sample_scene"]

CAMERA_DISTANCE_M = 0.75
CAMERA_ELEVATION_DEG = 45.0
DEFAULT_CAMERA = Camera(*default_camera_pose(CAMERA_DISTANCE_M, 0.0, CAMERA_ELEVATION_DEG), fovy_deg=42.0)
"""A webcam that faces the arm."""
ATTEMPTS = 500
"""Tries before a sampler gives up; a fair scene takes about two."""
PLAIN, CROWDED, UNSEEN = "plain", "crowded", "unseen"
WORLDS = (PLAIN, CROWDED, UNSEEN)
"""The task's things alone (suite version 1), among the look-alikes of the training set, or among unseen ones."""


def sample_scene(
    rng: np.random.Generator,
    placement: Placement | None = None,
    room: Room = HOME_ROOM,
    camera: Camera = DEFAULT_CAMERA,
    also_from: Sequence[Camera] = (),
    task: str = "place",
    robot: str = "so101",
    world: str = PLAIN,
) -> Scene:
    """A fair scene (fair.problems finds nothing), drawn by rejection; what the task is about is in view from `also_from` too.

    `world`: one of WORLDS.

    Raises:
        ParaBenchError: unknown task, robot or world; no fair scene found: the placement or the camera leaves no room for one.
    """
    does, arm = find_task(task), find_robot(robot)
    if world not in WORLDS:
        raise ParaBenchError(f"world {world!r} is unknown; allowed: {', '.join(WORLDS)}{meant(world, WORLDS)}")
    last = ["object and target never came apart"]
    for _ in range(ATTEMPTS):
        layout = does.sample(rng, placement or Placement(), arm)
        if layout is not None and world != PLAIN:
            layout = does.crowd(rng, layout, unseen=world == UNSEEN)
        if layout is None:
            continue
        scene = Scene(layout, camera, room, home=arm.home, task=task, robot=robot)
        last = problems(scene, also_from)
        if not last:
            return scene
    raise ParaBenchError(
        f"no fair scene in {ATTEMPTS} tries, the last failed because {last[0]}; allowed: a wider placement or another camera"
    )
