"""Pinhole geometry and rotations, numpy only.

Pixels are continuous (u right, v down) with pixel (0, 0) covering [0, 1) x [0, 1), so the image centre is (W/2, H/2).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from para_bench.types import Camera, ParaBenchError


def length(vector: np.ndarray) -> float:
    """Length of one vector (N,): to the last bit that of np.linalg.norm, in a third of the time."""
    return math.sqrt(vector.dot(vector))


def project(points: np.ndarray, camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    """World points (..., 3) [m] to pixels (..., 2) and depth (...) [m] along the optical axis; depth <= 0 is behind the camera."""
    pose = camera.world_from_camera
    local = (np.asarray(points, float) - pose[:3, 3]) @ pose[:3, :3]
    depth = local[..., 2]
    homogeneous = local @ camera.intrinsics.T
    return homogeneous[..., :2] / np.where(np.abs(depth) < 1e-9, 1e-9, depth)[..., None], depth


def rays(pixels: np.ndarray, camera: Camera) -> np.ndarray:
    """World directions (..., 3) through pixels (..., 2), scaled so that one unit is one metre of depth."""
    pixels = np.asarray(pixels, float)
    focal_px = camera.intrinsics[0, 0]
    centre = np.array([camera.width / 2, camera.height / 2])
    local = np.concatenate([(pixels - centre) / focal_px, np.ones((*pixels.shape[:-1], 1))], axis=-1)
    return local @ camera.world_from_camera[:3, :3].T


def unproject(pixels: np.ndarray, depth: np.ndarray, camera: Camera) -> np.ndarray:
    """Pixels (..., 2) with depth (...) [m] to world points (..., 3)."""
    return np.asarray(camera.position) + rays(pixels, camera) * np.asarray(depth, float)[..., None]


def lift(pixels: np.ndarray, height: np.ndarray, camera: Camera) -> np.ndarray:
    """Meet the ray of each pixel (..., 2) with the plane z = height (...) [m]: world points (..., 3), PARA's lifting.

    A height error dh moves the point by dh / tan(elevation of the ray). A ray that does not go down has no such
    point in front of the camera and yields nan.
    """
    direction = rays(pixels, camera)
    drop = np.asarray(height, float) - camera.position[2]
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = drop / direction[..., 2]
    depth = np.where((depth > 0) & np.isfinite(depth), depth, np.nan)
    return unproject(pixels, depth, camera)


def quat_from_matrix(rotation: np.ndarray) -> tuple[float, float, float, float]:
    """Rotation (3, 3) to a unit quaternion wxyz with w >= 0, stable for every angle (Bar-Itzhack 2000).

    Raises:
        ParaBenchError: the rotation is not finite.
    """
    m = _finite(rotation)
    k = np.array(
        [
            [m[0, 0] + m[1, 1] + m[2, 2], m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]],
            [m[2, 1] - m[1, 2], m[0, 0] - m[1, 1] - m[2, 2], m[1, 0] + m[0, 1], m[2, 0] + m[0, 2]],
            [m[0, 2] - m[2, 0], m[1, 0] + m[0, 1], m[1, 1] - m[0, 0] - m[2, 2], m[2, 1] + m[1, 2]],
            [m[1, 0] - m[0, 1], m[2, 0] + m[0, 2], m[2, 1] + m[1, 2], m[2, 2] - m[0, 0] - m[1, 1]],
        ]
    )
    quat = np.linalg.eigh(k)[1][:, -1]
    w, x, y, z = (quat * (1 if quat[0] >= 0 else -1)).tolist()
    return w, x, y, z


def look_at(position: np.ndarray, target: np.ndarray, up: tuple[float, float, float] = (0, 0, 1)) -> tuple[float, float, float, float]:
    """Quaternion wxyz of an OpenCV camera at `position` (3,) that looks at `target` (3,) with `up` towards the image top.

    Raises:
        ParaBenchError: position and target are one point, `up` is no direction, or a number is not finite.
    """
    above = np.asarray(up, float)
    with np.errstate(over="ignore", invalid="ignore"):  # refused in the next lines
        forward = np.asarray(target, float) - np.asarray(position, float)
        distance, length = np.linalg.norm(forward), np.linalg.norm(above)
    if not 1e-9 <= distance < np.inf:
        raise ParaBenchError(f"camera position and its target are {_said(position)} and {_said(target)}; allowed: two different points")
    if not 1e-9 <= length < np.inf:
        raise ParaBenchError(f"up of a camera is {_said(up)}; allowed: a direction")
    forward /= distance
    right = np.cross(forward, above / length)
    if np.linalg.norm(right) < 1e-6:  # looking straight up or down: any right vector does
        side = np.array([0.0, 1.0, 0.0]) if abs(forward[1]) < 0.9 else np.array([1.0, 0.0, 0.0])
        right = side - forward * (forward @ side)
    right /= np.linalg.norm(right)
    return quat_from_matrix(np.stack([right, np.cross(forward, right), forward], axis=1))


def turn(camera: Camera, yaw_deg: float, pitch_deg: float, roll_deg: float, fovy_deg: float) -> Camera:
    """The camera turned about its own centre (axes y, x, z of its own frame) and zoomed; images of both are related by a homography."""
    a, b, c = np.radians([yaw_deg, pitch_deg, roll_deg])
    about_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    rotation = camera.world_from_camera[:3, :3] @ about_y @ about_x @ about_z
    return replace(camera, quat_wxyz=quat_from_matrix(rotation), fovy_deg=fovy_deg)


def homography(source: Camera, destination: Camera) -> np.ndarray:
    """Matrix (3, 3) that takes homogeneous pixels of `destination` to pixels of `source`; both share one optical centre."""
    turned = source.world_from_camera[:3, :3].T @ destination.world_from_camera[:3, :3]
    return source.intrinsics @ turned @ np.linalg.inv(destination.intrinsics)


def wrap_yaw(yaw: np.ndarray | float) -> np.ndarray:
    """Yaw [rad] of a symmetric jaw to [-pi/2, pi/2): turning it by pi changes nothing."""
    wrapped = (np.asarray(yaw, float) + np.pi / 2) % np.pi - np.pi / 2
    return np.where(wrapped >= np.pi / 2, -np.pi / 2, wrapped)[()]  # a little below -pi/2 the remainder is rounded up to pi


def view_angle_deg(a: Camera, b: Camera, centre: np.ndarray) -> float:
    """Angle at `centre` (3,) between the directions to the two cameras.

    Raises:
        ParaBenchError: a camera is at `centre`.
    """
    to_a, to_b = np.asarray(a.position) - centre, np.asarray(b.position) - centre
    lengths = np.linalg.norm(to_a), np.linalg.norm(to_b)
    if not min(lengths) > 0:
        raise ParaBenchError(f"a camera is at {_said(centre)}, from where the angle is taken; allowed: another place")
    cosine = to_a @ to_b / lengths[0] / lengths[1]
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def jaw_yaw(rotation: np.ndarray) -> float:
    """Horizontal direction of the jaw's closing axis [rad] in [-pi/2, pi/2). Gripper rotation (3, 3): x approach, y closing.

    Raises:
        ParaBenchError: the rotation is not finite.
    """
    turned = _finite(rotation)
    yaw = float((np.arctan2(turned[1, 1], turned[0, 1]) + np.pi / 2) % np.pi - np.pi / 2)
    return yaw if yaw < np.pi / 2 else -np.pi / 2  # as `wrap_yaw`


def _finite(rotation: np.ndarray) -> np.ndarray:
    found = np.asarray(rotation, float)
    if not np.isfinite(found).all():
        raise ParaBenchError(f"a rotation is {_said(found)}; allowed: finite numbers")
    return found


def _said(values: Any) -> str:
    return str(np.asarray(values, float).tolist())
