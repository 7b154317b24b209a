"""Shifts of the camera, and of the calibration that the policy is given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.envs.sampling import CAMERA_DISTANCE_M, CAMERA_ELEVATION_DEG
from para_bench.envs.shifts import Shift
from para_bench.geometry import look_at, quat_from_matrix, turn
from para_bench.sim.cameras import WORKSPACE_CENTRE, default_camera_pose
from para_bench.types import Camera, Scene

ELEVATION_RANGE_DEG = (15.0, 80.0)
"""A camera lower than this looks along the table, a higher one has no upright image."""


def view_at(azimuth_deg: float, elevation_deg: float) -> Shift:
    """The camera on its sphere around the workspace, at these offsets from the default azimuth and elevation."""

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


def azimuth_angle(angle_deg: float) -> Shift:
    """The camera turned by this angle about the vertical through the workspace, to either side."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        return view_at(float(rng.choice([-1, 1])) * angle_deg, 0.0)(scene, rng) if angle_deg else scene

    return shift


def elevation_angle(angle_deg: float) -> Shift:
    """The camera raised by this angle, or lowered where it is negative."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        return view_at(0.0, angle_deg)(scene, rng) if angle_deg else scene

    return shift


def camera_distance(distance_m: float) -> Shift:
    """The camera on its line of sight at this distance from the middle of the workspace."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        offset = np.asarray(scene.camera.position) - WORKSPACE_CENTRE
        position = WORKSPACE_CENTRE + distance_m * offset / np.linalg.norm(offset)
        return replace(scene, camera=replace(scene.camera, position=tuple(position.tolist())))

    return shift


def camera_roll(angle_deg: float) -> Shift:
    """The camera turned by this angle about its optical axis, either way."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        camera = scene.camera
        return replace(scene, camera=turn(camera, 0, 0, rng.choice([-1, 1]) * angle_deg, camera.fovy_deg)) if angle_deg else scene

    return shift


def look_at_offset(offset_m: float) -> Shift:
    """The camera at its place, aimed at this distance from the middle of the workspace, in a random direction on the table."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        if not offset_m:
            return scene
        heading, position = rng.uniform(-np.pi, np.pi), np.asarray(scene.camera.position)
        aim = WORKSPACE_CENTRE + offset_m * np.array([np.cos(heading), np.sin(heading), 0.0])
        return replace(scene, camera=replace(scene.camera, quat_wxyz=look_at(position, aim)))

    return shift


def mirrored_view(scene: Scene, rng: np.random.Generator) -> Scene:
    """The camera on the other side of the arm's middle plane y = 0."""
    x, y, z = np.asarray(scene.camera.position) - WORKSPACE_CENTRE
    azimuth, elevation = np.degrees([np.arctan2(-y, x), np.arctan2(z, np.hypot(x, y))])
    position, quat = default_camera_pose(float(np.linalg.norm([x, y, z])), azimuth, elevation)
    return replace(scene, camera=replace(scene.camera, position=position, quat_wxyz=quat))


def field_of_view(fovy_deg: float) -> Shift:
    """Another lens at the same place; the policy is given the new intrinsics."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        return replace(scene, camera=replace(scene.camera, fovy_deg=fovy_deg))

    return shift


def told_rotation(angle_deg: float) -> Shift:
    """The image is right, but the given orientation is wrong by this angle about a random axis."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        return _told(scene, _about(_direction(rng), np.radians(angle_deg)), np.zeros(3)) if angle_deg else scene

    return shift


def told_translation(distance_m: float) -> Shift:
    """The image is right, but the given position is wrong by this distance in a random direction."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        return _told(scene, np.eye(3), distance_m * _direction(rng)) if distance_m else scene

    return shift


def _told(scene: Scene, rotation: np.ndarray, offset: np.ndarray) -> Scene:
    camera: Camera = scene.camera
    position = np.asarray(camera.position) + offset
    quat = quat_from_matrix(rotation @ camera.world_from_camera[:3, :3])
    return replace(scene, told_camera=replace(camera, position=tuple(position.tolist()), quat_wxyz=quat))


def _direction(rng: np.random.Generator) -> np.ndarray:
    """Uniform on the unit sphere (3,)."""
    vector = rng.standard_normal(3)
    return vector / np.linalg.norm(vector)


def _about(axis: np.ndarray, angle: float) -> np.ndarray:
    """Rotation matrix (3, 3) about a unit axis (3,) by `angle` [rad] (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
