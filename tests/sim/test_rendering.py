"""Pictures: every size, several environments at once, and closing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import mujoco
import numpy as np
import pytest

from para_bench.envs.env import TaskEnv
from para_bench.envs.scenes import simulation_of
from para_bench.envs.shifts.views import view_angle
from para_bench.geometry import project
from para_bench.sim import rendering
from para_bench.types import ParaBenchError, Scene

SAME = 2
"""Levels of 255 by which two drawings of one state may differ: software GL is not bit-exact across drivers."""
OTHER = 20
"""Two different scenes differ by at least so much in some pixel."""


def difference(a: np.ndarray, b: np.ndarray) -> int:
    return int(np.abs(a.astype(int) - b).max())


def draw(scene: Scene, size: int) -> np.ndarray:
    env = TaskEnv(image_size=size)
    env.start(scene)
    image = env.render()
    env.close()
    return image


@pytest.mark.parametrize("size", [16, 128, 224, 448, 640])
def test_every_size_shows_the_same_view(scene: Scene, size: int) -> None:
    image = draw(scene, size)
    assert (image.shape, image.dtype) == ((size, size, 3), np.uint8)
    assert image.flags["C_CONTIGUOUS"]
    cells = 8
    mean = image.reshape(cells, size // cells, cells, size // cells, 3).mean((1, 3))
    reference = draw(scene, 320).reshape(cells, 40, cells, 40, 3).mean((1, 3))
    assert np.abs(mean - reference).mean() < 6  # of 255: the same picture up to aliasing; a flipped one is 30 and more away


@pytest.mark.parametrize("size", [-5, 0, 15, 4097])
def test_a_size_out_of_range_is_told(scene: Scene, size: int) -> None:
    with pytest.raises(ParaBenchError, match=f"image size is {size} px; allowed: 16 to 4096"):
        rendering.Renderer(simulation_of(scene).model, size)


@pytest.mark.parametrize("size", [(64, 15), (5000, 64), (64,), (64, 64, 3), 64.5, "64", None], ids=str)
def test_what_is_no_size_is_told(size: Any) -> None:
    with pytest.raises(ParaBenchError, match=r"image size is .* px; allowed: 16 to 4096, one side or \(height, width\)"):
        rendering.check_size(size)


@pytest.mark.parametrize("size", [(48, 64), (48, 100), (96, 64)])
def test_an_image_of_two_sides_has_the_middle_of_the_square_one(scene: Scene, size: tuple[int, int]) -> None:
    height, width = size
    wide, square = TaskEnv(image_size=size), TaskEnv(image_size=height)
    for env in (wide, square):
        env.start(scene)
    cut = abs(width - height) // 2
    for look in (TaskEnv.image, TaskEnv.depth, TaskEnv.geoms):
        found, expected = look(wide), look(square)
        assert found.shape[:2] == size
        middle = found[:, cut : cut + height] if width > height else found
        expected = expected if width > height else expected[:, cut : cut + width]
        if found.dtype.kind in "fu":  # edges may fall to either side
            assert (np.abs(middle.astype(float) - expected) <= (SAME if found.dtype == np.uint8 else 1e-4)).mean() > 0.99
        else:
            assert (middle == expected).mean() > 0.99
    pixel = project(wide.simulation.gripper_pose[:3], wide.told_camera)[0]
    np.testing.assert_allclose(
        pixel - project(square.simulation.gripper_pose[:3], square.told_camera)[0], [(width - height) / 2, 0], atol=1e-9
    )
    wide.close()
    square.close()


def test_a_camera_of_two_sides_is_never_drawn_square(scene: Scene) -> None:
    camera = replace(scene.camera, width=640, height=480)
    env = TaskEnv(image_size=48)
    with pytest.raises(ParaBenchError, match=r"has \(height, width\) \(480, 640\), images \(48, 48\); allowed: image_size=\(480, 640\)"):
        env.start(replace(scene, camera=camera))
    env = TaskEnv(image_size=(48, 64))
    env.start(replace(scene, camera=camera))
    assert env.image().shape == (48, 64, 3)
    assert env.told_camera == replace(camera, width=64, height=48)
    env.close()


@pytest.mark.parametrize("seed", range(6))
def test_scenes_drawn_for_high_images_are_in_view(seed: int) -> None:
    env = TaskEnv(image_size=(96, 48))
    env.reset(seed=seed)
    assert {"object", "target"} <= set(env.geoms().ravel())
    camera = env.told_camera
    for points in env.task.must_see(env.scene.layout).values():
        pixels = project(points, camera)[0]
        assert (pixels > 0).all()
        assert (pixels < [48, 96]).all()
    env.close()


def test_render_gives_what_its_mode_says(scene: Scene) -> None:
    found = {}
    for mode in ("rgb_array", "depth_array", None):
        env = TaskEnv(render_mode=mode, image_size=48)
        env.start(scene)
        found[mode] = env.render(), env.image(), env.depth()
        env.close()
    np.testing.assert_array_equal(found["rgb_array"][0], found["rgb_array"][1])
    np.testing.assert_array_equal(found["depth_array"][0], found["depth_array"][2])
    assert found[None][0] is None


def test_images_of_environments_alive_at_once_are_never_swapped(scenes: list[Scene]) -> None:
    rng = np.random.default_rng(0)  # any view
    wanted = [(scenes[0], 96), (scenes[1], 96), (view_angle(25)(scenes[0], rng), 96), (scenes[2], 128)]
    expected = [draw(scene, size) for scene, size in wanted]
    assert min(difference(a, b) for i, a in enumerate(expected[:3]) for b in expected[:i]) > OTHER
    envs = [TaskEnv(image_size=size, depth=i == 1) for i, (_, size) in enumerate(wanted)]
    for env, (scene, _) in zip(envs, wanted, strict=True):
        env.start(scene)
    for round_ in ([0, 1, 2, 3], [3, 1, 0, 2], [2, 2, 0, 1]):
        for index in round_:
            assert difference(envs[index].observe().image, expected[index]) <= SAME
    envs[0].close()  # one that ends must not take the others' context away
    envs[3].start(scenes[3])
    assert difference(envs[1].render(), expected[1]) <= SAME
    assert difference(envs[3].render(), draw(scenes[3], 128)) <= SAME
    assert difference(envs[0].render(), expected[0]) <= SAME  # closed, and asked again
    for env in envs:
        env.close()


def test_geoms_and_depth_leave_the_picture_as_it_was(env: TaskEnv, scene: Scene) -> None:
    env.start(scene)
    before = env.render()
    env.geoms()
    env.depth()
    assert difference(env.render(), before) <= SAME


def test_geoms_are_those_of_mujocos_own_renderer(env: TaskEnv, scene: Scene) -> None:
    env.start(scene)
    found, simulation = env.geoms(), env.simulation
    with mujoco.Renderer(simulation.model, env.image_size, env.image_size) as renderer:
        renderer.enable_segmentation_rendering()
        options = mujoco.MjvOption()
        options.sitegroup[:] = 0
        renderer.update_scene(simulation.data, camera="main", scene_option=options)
        ids = renderer.render()[..., 0]
    names = np.array([simulation.model.geom(i).name for i in range(simulation.model.ngeom)] + [""])
    assert {"object", "target", "table"} <= set(names[ids].ravel())
    assert (found == names[ids]).mean() > 0.999  # edges may fall to either side


def test_the_picture_follows_the_state(env: TaskEnv, scene: Scene) -> None:
    env.start(scene)
    before = env.render()
    env.advance(np.array([0.2, 0.05, 0.06, 0.5, 1.0]))
    assert difference(env.render(), before) > OTHER


def test_light_and_surfaces_are_seen(scene: Scene) -> None:
    image = draw(scene, 64)
    dark = replace(scene, room=replace(scene.room, ambient=0.0, lights=()))
    assert draw(dark, 64).mean() < 0.2 * image.mean()
    green = replace(scene, room=replace(scene.room, table=replace(scene.room.table, rgb=(0.1, 0.7, 0.1), rgb2=(0.1, 0.7, 0.1))))
    assert draw(green, 64)[..., 1].mean() > image[..., 1].mean()


def test_two_environments_in_two_threads(scenes: list[Scene]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    expected = [draw(scene, 64) for scene in scenes[:4]]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda scene: draw(scene, 64), scenes[:4]))
    for a, b in zip(found, expected, strict=True):
        assert difference(a, b) <= SAME
