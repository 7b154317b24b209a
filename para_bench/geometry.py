"""Pinhole geometry and rotations, numpy only.

Pixels are continuous (u right, v down) with pixel (0, 0) covering [0, 1) x [0, 1), so the image centre is (W/2, H/2).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from para_bench.types import Camera, ParaBenchError


def length(vector: np.ndarray) -> float:
    """Of one vector (N,), to the last bit as np.linalg.norm has it, at a third of its time."""
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
    depth = np.where(depth > 0, depth, np.nan)
    return unproject(pixels, depth, camera)


def quat_from_matrix(rotation: np.ndarray) -> tuple[float, float, float, float]:
    """Rotation (3, 3) to a unit quaternion wxyz with w >= 0, stable for every angle (Bar-Itzhack 2000)."""
    m = np.asarray(rotation, float)
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
    """Quaternion wxyz of an OpenCV camera at `position` (3,) that looks at `target` (3,) with `up` towards the image top."""
    forward = np.asarray(target, float) - np.asarray(position, float)
    if np.linalg.norm(forward) < 1e-9:
        raise ParaBenchError(f"camera position and its target are both {tuple(position)}; allowed: two different points")
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, up)
    if np.linalg.norm(right) < 1e-6:  # looking straight up or down: any right vector does
        right = np.array([0.0, 1.0, 0.0])
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
    """(3, 3) that takes homogeneous pixels of `destination` to pixels of `source`; both share one optical centre."""
    turned = source.world_from_camera[:3, :3].T @ destination.world_from_camera[:3, :3]
    return source.intrinsics @ turned @ np.linalg.inv(destination.intrinsics)


def wrap_yaw(yaw: np.ndarray | float) -> np.ndarray:
    """Yaw [rad] of a symmetric jaw to [-pi/2, pi/2): turning it by pi changes nothing."""
    return (np.asarray(yaw, float) + np.pi / 2) % np.pi - np.pi / 2


def view_angle_deg(a: Camera, b: Camera, centre: np.ndarray) -> float:
    """Angle at `centre` (3,) between the directions to the two cameras."""
    to_a, to_b = np.asarray(a.position) - centre, np.asarray(b.position) - centre
    cosine = to_a @ to_b / np.linalg.norm(to_a) / np.linalg.norm(to_b)
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def jaw_yaw(rotation: np.ndarray) -> float:
    """Horizontal direction of the jaw's closing axis [rad] in [-pi/2, pi/2). Gripper rotation (3, 3): x approach, y closing."""
    return float((np.arctan2(rotation[1, 1], rotation[0, 1]) + np.pi / 2) % np.pi - np.pi / 2)
