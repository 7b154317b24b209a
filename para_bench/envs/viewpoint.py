"""Seeing a running episode from another camera than the one the policy sees through."""

from __future__ import annotations

import mujoco
import numpy as np

from para_bench.envs.build import default_camera_pose
from para_bench.envs.pick_place import PickPlace
from para_bench.envs.sampling import CAMERA_DISTANCE_M
from para_bench.envs.shifts import ELEVATION_RANGE_DEG
from para_bench.types import Camera, ParaBenchError


def viewpoint(azimuth_deg: float, elevation_deg: float, like: Camera) -> Camera:
    """A camera on the sphere of the default one, with the lens of `like`; azimuth 0 faces the arm, positive turns towards +y.

    Raises:
        ParaBenchError: an elevation from which there is no upright picture of the table.
    """
    low, high = ELEVATION_RANGE_DEG
    if not low <= elevation_deg <= high or not abs(azimuth_deg) <= 180:
        raise ParaBenchError(
            f"camera azimuth {azimuth_deg:g}, elevation {elevation_deg:g} deg; allowed: -180 to 180 and {low:g} to {high:g}"
        )
    position, quat = default_camera_pose(CAMERA_DISTANCE_M, azimuth_deg, elevation_deg)
    return Camera(position, quat, like.fovy_deg, like.width, like.height)


def render_from(env: PickPlace, camera: Camera) -> np.ndarray:
    """The scene as it stands, seen from `camera`. Shape (H, W, 3), uint8. Neither the physics nor the policy's camera change."""
    model, data = env.simulation.model, env.simulation.data
    main = model.camera("main").id
    kept = model.cam_pos[main].copy(), model.cam_quat[main].copy(), float(model.cam_fovy[main])
    w, x, y, z = camera.quat_wxyz
    model.cam_pos[main], model.cam_quat[main], model.cam_fovy[main] = camera.position, (-x, w, z, -y), camera.fovy_deg
    mujoco.mj_camlight(model, data)
    try:
        return env.render()
    finally:
        model.cam_pos[main], model.cam_quat[main], model.cam_fovy[main] = kept
        mujoco.mj_camlight(model, data)
