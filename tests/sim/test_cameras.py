"""The one convention that everything rests on: our projection is MuJoCo's camera, in numbers and in pictures."""

from __future__ import annotations

from dataclasses import replace

import mujoco
import numpy as np
import pytest

from para_bench.envs.env import TaskEnv
from para_bench.envs.scenes import expert_waypoints, simulation_of
from para_bench.geometry import look_at, project, turn, unproject
from para_bench.sim.cameras import WORKSPACE_CENTRE
from para_bench.sim.executor import Executor
from para_bench.sim.simulation import Simulation
from para_bench.types import Camera, Light, Prop, Scene, Surface

LABEL_PX = 0.5
"""What is allowed between a gripper-pixel label and the gripper in the picture."""

BALL_M = 0.004


def random_camera(rng: np.random.Generator) -> Camera:
    """Anywhere on the free side of the table, turned about all three axes, with any zoom."""
    azimuth, elevation, distance = rng.uniform(-np.pi / 2, np.pi / 2), rng.uniform(0.3, 1.4), rng.uniform(0.5, 1.0)
    direction = [np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)]
    position = WORKSPACE_CENTRE + distance * np.array(direction)
    camera = Camera(tuple(position.tolist()), look_at(position, WORKSPACE_CENTRE), 45.0, 640, 640)
    return turn(camera, *rng.uniform(-8, 8, 3), rng.uniform(35, 60))


def project_as_mujoco(point: np.ndarray, simulation: Simulation, size: int) -> np.ndarray:
    """Pixel (2,) by MuJoCo's own pose of camera `main`, which looks along -z with y up."""
    camera = simulation.data.camera("main")
    x, y, z = camera.xmat.reshape(3, 3).T @ (point - camera.xpos)
    focal_px = size / 2 / np.tan(np.radians(simulation.model.camera("main").fovy[0]) / 2)
    return np.array([size / 2 + focal_px * x / -z, size / 2 - focal_px * y / -z])


def spot_scene(scene: Scene, camera: Camera, places: list[np.ndarray]) -> Scene:
    """Three small balls on a plain table in even light, the object out of the way."""
    balls = tuple(Prop("ellipsoid", (BALL_M,) * 3, (1.0, 0.0, 1.0), tuple(xy.tolist())) for xy in places)
    plain = Surface("plain", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    room = replace(scene.room, clutter=balls, table=plain, lights=(Light((0.2, 0, 1.5), (0.1,) * 3),), ambient=0.9)
    return replace(scene, camera=camera, room=room, layout=replace(scene.layout, target_xy=(0.4, -0.5)))


@pytest.mark.parametrize("seed", range(8))  # any cameras
def test_gripper_pixel_is_the_projection_of_the_gripper_site(scene: Scene, seed: int) -> None:
    camera = random_camera(np.random.default_rng(seed))
    simulation = simulation_of(replace(scene, camera=camera))
    driver = Executor(simulation)
    for action in expert_waypoints(scene)[:12]:
        driver.execute(action)
        mujoco.mj_camlight(simulation.model, simulation.data)
        point = simulation.data.site("gripper").xpos
        label = project(simulation.gripper_pose[:3], camera)[0]
        off = np.linalg.norm(label - project_as_mujoco(point, simulation, 640))
        assert off < 0.01 < LABEL_PX  # px; one step of physics lies between both, the rest is round-off


@pytest.mark.parametrize("seed", range(6))  # any cameras
def test_projected_points_are_where_the_picture_shows_them(scene: Scene, seed: int) -> None:
    """Small balls on the table, found in the segmentation and in the colour image by their centres of mass."""
    rng = np.random.default_rng(seed)
    camera = random_camera(rng)
    places = [
        rng.uniform(low, high) for low, high in (([0.22, -0.14], [0.3, -0.06]), ([0.22, 0.02], [0.3, 0.06]), ([0.26, 0.1], [0.3, 0.14]))
    ]
    env = TaskEnv(image_size=640)
    env.start(spot_scene(scene, camera, places))
    labels, image, drawn = env.geoms(), env.render().astype(int), 0
    env.close()
    for index, xy in enumerate(places):
        expected, depth = project(np.array([*xy, BALL_M]), camera)
        rows, columns = np.nonzero(labels == f"clutter{index}")
        if len(rows) < 0.9 * np.pi * (camera.intrinsics[0, 0] * BALL_M / depth) ** 2:  # wholly or partly behind the arm, or out of view
            continue
        drawn += 1
        found = np.array([columns.mean(), rows.mean()]) + 0.5
        assert np.linalg.norm(found - expected) < LABEL_PX
        window = image[rows.min() - 3 : rows.max() + 4, columns.min() - 3 : columns.max() + 4]
        v, u = np.nonzero(np.minimum(window[..., 0], window[..., 2]) - window[..., 1] > 100)  # magenta
        found = np.array([u.mean() + columns.min() - 3, v.mean() + rows.min() - 3]) + 0.5
        assert np.linalg.norm(found - expected) < LABEL_PX
    assert drawn >= 1


def test_depth_is_metres_along_the_optical_axis(scene: Scene) -> None:
    env = TaskEnv(image_size=224, depth=True)
    env.start(scene)
    seen = env.observe()
    labels = env.geoms()
    assert seen.depth is not None
    assert (seen.depth.shape, seen.depth.dtype) == ((224, 224), np.float32)
    v, u = np.meshgrid(np.arange(224) + 0.5, np.arange(224) + 0.5, indexing="ij")
    points = unproject(np.stack([u, v], axis=-1), seen.depth, seen.camera)
    table = points[labels == "table"]
    assert len(table) > 5000
    assert np.quantile(np.abs(table[:, 2]), 0.99) < 1e-3  # m; pixels on the table's rim mix two depths
    top = np.array([*scene.layout.object.xy, 2 * scene.layout.object.half_size[2]])
    pixel, depth = project(top, seen.camera)
    column, row = np.floor(pixel).astype(int)
    assert seen.depth[row, column] == pytest.approx(depth, abs=4e-3)  # m; half a pixel on a face seen at 45 degrees
    env.close()


def test_told_size_is_the_size_of_the_image(scene: Scene) -> None:
    for size in (64, 100):
        env = TaskEnv(image_size=size)
        env.start(scene)
        seen = env.observe()
        assert seen.image.shape[:2] == (seen.camera.height, seen.camera.width) == (size, size)
        np.testing.assert_allclose(
            project(seen.gripper_pose[:3], seen.camera)[0] / size, project(seen.gripper_pose[:3], scene.camera.resized(1))[0]
        )
        env.close()
