"""Views of a running episode from another camera than the policy's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import CAMERA_DISTANCE_M
from para_bench.envs.shifts.views import ELEVATION_RANGE_DEG
from para_bench.sim.cameras import default_camera_pose
from para_bench.types import Camera, ParaBenchError, Scene


def check_angles(azimuth_deg: float, elevation_deg: float) -> None:
    """Raises ParaBenchError for angles from which there is no upright picture of the table."""
    low, high = ELEVATION_RANGE_DEG
    if not low <= elevation_deg <= high or not abs(azimuth_deg) <= 180:
        found = f"camera azimuth {azimuth_deg:g}, elevation {elevation_deg:g} deg"
        raise ParaBenchError(f"{found}; allowed: -180 to 180 and {low:g} to {high:g}")


def viewpoint(azimuth_deg: float, elevation_deg: float, like: Camera) -> Camera:
    """A camera on the sphere of the default one, with the lens of `like`; azimuth 0 faces the arm, positive turns towards +y."""
    check_angles(azimuth_deg, elevation_deg)
    position, quat = default_camera_pose(CAMERA_DISTANCE_M, azimuth_deg, elevation_deg)
    return Camera(position, quat, like.fovy_deg, like.width, like.height)


class Onlooker:
    """A copy of a scene with a camera of its own, so that its views change nothing for the policy or the physics."""

    def __init__(self, scene: Scene, camera: Camera) -> None:
        self._env = TaskEnv(image_size=camera.height)
        self._env.start(replace(scene, camera=camera, corruption=None))  # its own camera is no cheap webcam

    def see(self, env: TaskEnv) -> np.ndarray:
        """The present state of `env`, an episode of the same scene. Shape (H, W, 3), uint8."""
        self._env.simulation.set_qpos(env.simulation.data.qpos)
        return self._env.render()

    def close(self) -> None:
        self._env.close()
