"""Shifts: from a scene to the scene one factor away. Level 0 is the identity; what a shift leaves to chance comes from `rng`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from para_bench.envs.build import WORKSPACE_CENTRE, default_camera_pose
from para_bench.envs.rooms import random_room
from para_bench.envs.sampling import ATTEMPTS, CAMERA_DISTANCE_M, CAMERA_ELEVATION_DEG, room_fields
from para_bench.envs.validity import problems
from para_bench.types import ParaBenchError, Scene, content_hash

Shift = Callable[[Scene, np.random.Generator], Scene]
ELEVATION_RANGE_DEG = (15.0, 80.0)
"""A camera lower than this looks along the table, a higher one has no upright image."""


def identity(scene: Scene, rng: np.random.Generator) -> Scene:
    """No shift: the in-distribution control."""
    return scene


def view_at(azimuth_deg: float, elevation_deg: float) -> Shift:
    """The camera on its sphere around the workspace, so far from the default azimuth and elevation."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        position, quat = default_camera_pose(CAMERA_DISTANCE_M, azimuth_deg, CAMERA_ELEVATION_DEG + elevation_deg)
        return replace(scene, camera=replace(scene.camera, position=position, quat_wxyz=quat))

    return shift


def view_angle(angle_deg: float) -> Shift:
    """The camera turned by exactly this angle about the workspace, in a random direction that ELEVATION_RANGE_DEG allows."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        if angle_deg == 0:
            return scene
        towards = np.asarray(scene.camera.position) - WORKSPACE_CENTRE
        towards /= np.linalg.norm(towards)
        side = np.cross([0, 0, 1.0], towards)
        side /= np.linalg.norm(side)
        up = np.cross(towards, side)
        while True:
            heading = rng.uniform(-np.pi, np.pi)
            turned = np.cos(np.radians(angle_deg)) * towards + np.sin(np.radians(angle_deg)) * (
                np.cos(heading) * side + np.sin(heading) * up
            )
            elevation = np.degrees(np.arcsin(turned[2]))
            if ELEVATION_RANGE_DEG[0] <= elevation <= ELEVATION_RANGE_DEG[1]:
                break
        azimuth = np.degrees(np.arctan2(turned[1], turned[0]))
        position, quat = default_camera_pose(CAMERA_DISTANCE_M, azimuth, elevation)
        return replace(scene, camera=replace(scene.camera, position=position, quat_wxyz=quat))

    return shift


def new_environment(scene: Scene, rng: np.random.Generator) -> Scene:
    """An unseen table, floor, walls, light and clutter layout around the same task."""
    return replace(scene, **room_fields(random_room(rng, scene)))


def shifted(shift: Shift, scene: Scene, rng: np.random.Generator) -> Scene:
    """The shifted scene, drawn again until it is fair.

    Raises:
        ParaBenchError: no draw is fair.
    """
    found = ["never tried"]
    for _ in range(ATTEMPTS):
        candidate = shift(scene, rng)
        found = problems(candidate)
        if not found:
            return candidate
    raise ParaBenchError(f"the shifted scene is unfair: {found[0]}; allowed: a scene in which the shift keeps the task in view")


def physics_hash(scene: Scene) -> str:
    """Names what moves: equal for two scenes that differ only in what is seen (camera, surfaces, light)."""
    return content_hash([scene.object, scene.target_xy, scene.target_radius, scene.clutter, scene.home])
