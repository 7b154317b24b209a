"""Shifts: level 0, exact levels, one factor only, and fair scenes under each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace

import mujoco
import numpy as np
import pytest
from scipy.ndimage import binary_dilation

from para_bench.envs import shifts
from para_bench.envs.fair import problems
from para_bench.envs.sampling import CAMERA_DISTANCE_M, Placement, Region, sample_scene
from para_bench.envs.scenes import expert_waypoints, simulation_of
from para_bench.envs.shifts import Shift, chain, identity, physics_hash, shifted
from para_bench.envs.shifts.objects import colour, shape
from para_bench.envs.shifts.positions import moved, placed
from para_bench.envs.shifts.rooms import distractors, layout, lighting, new_environment, texture
from para_bench.envs.shifts.views import (
    ELEVATION_RANGE_DEG,
    field_of_view,
    mirrored_view,
    told_rotation,
    told_translation,
    view_angle,
    view_at,
)
from para_bench.geometry import project, view_angle_deg
from para_bench.sim.cameras import WORKSPACE_CENTRE
from para_bench.sim.executor import Executor
from para_bench.sim.rooms import MIN_CONTRAST, contrast
from para_bench.sim.simulation import Simulation
from para_bench.types import ParaBenchError, Scene

FAIR_SCENES = 8
SIZE_PX = 160
VISIBLE = 0.75
"""Least share of the object's or plate's pixels that nothing hides; the sampler asks for 80 % of a few sample points."""
PICTURE_CONTRAST = 0.12
"""Least distance of mean colours in the picture, each in [0, 1]. MIN_CONTRAST of the albedos shrinks with the light: the lowest of
150 new environments is 0.14 (red on red-brown, in shade), and a person still tells the object."""


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)  # any seed


def differences(a: Scene, b: Scene) -> set[str]:
    """Names of the fields that differ, those of layout and room without these two names before them."""
    pairs = ((a, b), (a.layout, b.layout), (a.room, b.room))
    return {f.name for one, other in pairs for f in fields(one) if getattr(one, f.name) != getattr(other, f.name)} - {"layout", "room"}


@contextmanager
def renderer_of(simulation: Simulation) -> Iterator[mujoco.Renderer]:
    """MuJoCo's own renderer of camera `main`, which shares nothing with ours."""
    simulation.model.vis.global_.offwidth = simulation.model.vis.global_.offheight = SIZE_PX
    with mujoco.Renderer(simulation.model, SIZE_PX, SIZE_PX) as renderer:
        yield renderer


def masks(simulation: Simulation, renderer: mujoco.Renderer, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixels where a geom is seen, where it would be seen if nothing else were there, and where the table is seen."""
    model, geom = simulation.model, simulation.model.geom(name).id

    def labels() -> np.ndarray:
        renderer.update_scene(simulation.data, camera="main")
        return renderer.render()[..., 0]

    renderer.enable_segmentation_rendering()
    seen, kept = labels(), (model.geom_rgba.copy(), model.geom_matid.copy())
    model.geom_matid[:], model.geom_rgba[:, 3] = -1, 0
    model.geom_rgba[geom, 3] = 1
    alone = labels() == geom
    model.geom_rgba[:], model.geom_matid[:] = kept
    renderer.disable_segmentation_rendering()
    return seen == geom, alone, seen == model.geom("table").id


def test_level_zero_is_the_identity(scene: Scene) -> None:
    assert identity(scene, rng()) == scene
    for nothing in (
        view_angle(0),
        told_rotation(0),
        told_translation(0),
        distractors(0),
        moved(0, 0),
        field_of_view(scene.camera.fovy_deg),
    ):
        assert nothing(scene, rng()) == scene
    at_zero = view_at(0, 0)(scene, rng())
    assert differences(at_zero, scene) <= {"camera"}
    np.testing.assert_allclose(at_zero.camera.world_from_camera, scene.camera.world_from_camera, atol=1e-12)  # cos and sin of 45 degrees


@pytest.mark.parametrize("angle", [5, 10, 15, 20, 25, 30, 45])
def test_view_angle_is_exact_and_moves_the_camera_only(scene: Scene, angle: float) -> None:
    generator, headings = rng(), []
    for _ in range(20):
        moved = view_angle(angle)(scene, generator)
        assert differences(moved, scene) == {"camera"}
        camera = moved.camera
        assert view_angle_deg(scene.camera, camera, WORKSPACE_CENTRE) == pytest.approx(angle, abs=1e-6)
        assert replace(camera, position=scene.camera.position, quat_wxyz=scene.camera.quat_wxyz) == scene.camera
        offset = np.asarray(camera.position) - WORKSPACE_CENTRE
        assert np.linalg.norm(offset) == pytest.approx(CAMERA_DISTANCE_M)
        elevation = np.degrees(np.arcsin(offset[2] / CAMERA_DISTANCE_M))
        assert ELEVATION_RANGE_DEG[0] <= elevation <= ELEVATION_RANGE_DEG[1]
        np.testing.assert_allclose(project(WORKSPACE_CENTRE, camera)[0], [camera.width / 2, camera.height / 2], atol=1e-6)  # px
        headings.append(offset[1] > 0)
    assert len(set(headings)) == 2  # to both sides


@pytest.mark.parametrize(("azimuth", "elevation"), [(25, 0), (-25, 0), (0, 25), (0, -25), (10, -10)])
def test_view_at_goes_where_it_says(scene: Scene, azimuth: float, elevation: float) -> None:
    camera = view_at(azimuth, elevation)(scene, rng()).camera
    x, y, z = (np.asarray(camera.position) - WORKSPACE_CENTRE) / CAMERA_DISTANCE_M
    before = (np.asarray(scene.camera.position) - WORKSPACE_CENTRE) / CAMERA_DISTANCE_M
    assert np.degrees(np.arcsin(z) - np.arcsin(before[2])) == pytest.approx(elevation)
    assert np.degrees(np.arctan2(y, x) - np.arctan2(before[1], before[0])) == pytest.approx(azimuth)


def test_new_environment_leaves_the_task(scene: Scene) -> None:
    changed = {"table", "floor", "walls", "lights", "ambient", "clutter"}
    moved = [new_environment(scene, rng(seed)) for seed in range(5)]
    assert all(differences(new, scene) == changed for new in moved)
    assert all(differences(a, b) == changed for i, a in enumerate(moved) for b in moved[:i])


ONE_FACTOR: list[tuple[Shift, set[str]]] = [
    (lighting, {"lights", "ambient"}),
    (texture, {"table", "floor", "walls"}),
    (layout, {"clutter"}),
    (distractors(4), {"clutter"}),
    (colour, {"object"}),
    (shape, {"object"}),
    (field_of_view(30), {"camera"}),
    (mirrored_view, {"camera"}),
    (told_rotation(1), {"told_camera"}),
    (told_translation(0.01), {"told_camera"}),
    (moved(0.01, -0.02), {"object", "target_xy"}),
    (placed(Placement()), {"object", "target_xy"}),
    (chain(lighting, view_angle(15)), {"lights", "ambient", "camera"}),
]


@pytest.mark.parametrize(("shift", "fields_changed"), ONE_FACTOR)
def test_a_shift_changes_its_own_fields_alone(scene: Scene, shift: Shift, fields_changed: set[str]) -> None:
    seen = scene if shift is not mirrored_view else view_angle(20)(scene, rng())  # the default view is its own mirror image
    assert differences(shift(seen, rng()), seen) == fields_changed


def test_object_shifts_keep_place_and_the_other_property(scene: Scene) -> None:
    for seed in range(10):
        repainted, reshaped = colour(scene, rng(seed)).layout.object, shape(scene, rng(seed)).layout.object
        assert replace(repainted, rgb=scene.layout.object.rgb) == scene.layout.object
        assert replace(reshaped, shape=scene.layout.object.shape, half_size=scene.layout.object.half_size) == scene.layout.object
        assert contrast(repainted.rgb, scene.layout.object.rgb) >= MIN_CONTRAST
        assert 2 * min(reshaped.half_size[:2]) < 0.058  # m, the open jaw


def test_told_camera_is_wrong_by_exactly_the_level(scene: Scene) -> None:
    for seed in range(5):
        turned, shifted_camera = told_rotation(2)(scene, rng(seed)).told_camera, told_translation(0.01)(scene, rng(seed)).told_camera
        assert turned
        assert shifted_camera
        relative = turned.world_from_camera[:3, :3] @ scene.camera.world_from_camera[:3, :3].T
        assert np.degrees(np.arccos((np.trace(relative) - 1) / 2)) == pytest.approx(2)
        assert turned.position == scene.camera.position
        assert np.linalg.norm(np.subtract(shifted_camera.position, scene.camera.position)) == pytest.approx(0.01)
        np.testing.assert_allclose(shifted_camera.world_from_camera[:3, :3], scene.camera.world_from_camera[:3, :3], atol=1e-12)


def test_mirrored_view_is_its_own_inverse(scene: Scene) -> None:
    seen = view_at(25, 8)(scene, rng())
    once = mirrored_view(seen, rng())
    assert once.camera.position[1] == pytest.approx(-seen.camera.position[1])
    np.testing.assert_allclose(mirrored_view(once, rng()).camera.world_from_camera, seen.camera.world_from_camera, atol=1e-9)


def test_distractors_leave_room_for_the_jaw(scene: Scene) -> None:
    for seed in range(5):
        added = distractors(8)(scene, rng(seed)).room.clutter[len(scene.room.clutter) :]
        assert len(added) == 8
        for prop in added:
            assert 2 * prop.half_size[2] <= 0.034 + 1e-9  # m, below what is carried over it
            assert min(np.linalg.norm(np.subtract(prop.xy, place)) for place in (scene.layout.object.xy, scene.layout.target_xy)) > 0.075


def test_a_shift_is_a_function_of_scene_and_generator(shift_name: str, scene_of) -> None:
    assert scene_of(shift_name, 3) == scene_of(shift_name, 3)


@pytest.mark.parametrize("visual", [view_angle(30), view_at(-20, 15), new_environment, lighting, texture, colour, told_rotation(5)])
def test_a_purely_visual_shift_leaves_the_states_bit_equal(scene: Scene, visual) -> None:
    shifted = visual(scene, rng())
    moved = replace(shifted, room=replace(shifted.room, clutter=scene.room.clutter))  # clutter is felt; all else is only seen
    assert moved.hash != scene.hash
    assert physics_hash(moved) == physics_hash(scene)
    before, after = simulation_of(scene), simulation_of(moved)
    drivers = Executor(before), Executor(after)
    for action in expert_waypoints(scene):
        for driver in drivers:
            driver.execute(action)
        np.testing.assert_array_equal(before.data.qpos, after.data.qpos)
        np.testing.assert_array_equal(before.data.qvel, after.data.qvel)


def test_physics_hash_tells_what_moves(scene: Scene) -> None:
    for other in (
        replace(scene, layout=replace(scene.layout, target_xy=(0.2, 0.0))),
        replace(scene, room=replace(scene.room, clutter=())),
        replace(scene, home=(0.2, 0.0, 0.1, 0.0)),
    ):
        assert physics_hash(other) != physics_hash(scene)


@pytest.mark.integration
def test_sampled_scenes_are_fair(shift_name: str, scene_of) -> None:
    """By the sampler's own rules, and by pictures that share nothing with them."""
    for index in range(FAIR_SCENES):
        scene = scene_of(shift_name, index)
        assert problems(scene) == []
        assert (
            min(
                contrast(a, b)
                for a in (scene.layout.object.rgb, scene.layout.target_rgb)
                for b in (scene.room.table.rgb, scene.room.table.rgb2)
            )
            >= MIN_CONTRAST
        )
        simulation = simulation_of(scene)
        with renderer_of(simulation) as renderer:
            renderer.update_scene(simulation.data, camera="main")
            image = renderer.render() / 255
            for name in ("object", "target"):
                seen, alone, table = masks(simulation, renderer, name)
                case = (shift_name, index, name, scene.hash)
                assert alone.sum() >= 60, case  # px at 160 x 160: large enough to be told from noise
                assert alone.sum() == alone[1:-1, 1:-1].sum(), case  # wholly in view
                assert seen.sum() >= VISIBLE * alone.sum(), case
                around = binary_dilation(alone, iterations=6) & table
                apart = np.linalg.norm(image[seen].mean(0) - image[around].mean(0))
                assert apart >= PICTURE_CONTRAST, case


def test_unfair_scenes_are_told(scene: Scene) -> None:
    thing = scene.layout.object
    assert "contrast" in problems(replace(scene, layout=replace(scene.layout, object=replace(thing, rgb=scene.room.table.rgb))))[0]
    assert "out of reach" in problems(replace(scene, layout=replace(scene.layout, object=replace(thing, xy=(0.5, 0.0)))))[0]
    wall = replace(scene.room.clutter[0], shape="box", half_size=(0.005, 0.2, 0.2), xy=(0.31, 0.0), rgb=(0.1, 0.1, 0.1))
    assert any("visible" in line for line in problems(replace(scene, room=replace(scene.room, clutter=(wall,)))))
    away = replace(scene.camera, fovy_deg=5.0)
    assert any("not wholly in view" in line for line in problems(replace(scene, camera=away)))


def test_a_sampler_without_room_gives_up_with_a_reason() -> None:
    corner = Region((0.5, 0.0), (0.6, 0.1))
    with pytest.raises(ParaBenchError, match=r"no fair scene in 500 tries, the last failed because .*out of reach"):
        sample_scene(rng(), Placement(object=corner))
    spot = Region((0.2, 0.0), (0.2, 0.0))
    with pytest.raises(ParaBenchError, match="never came apart"):
        sample_scene(rng(), Placement(object=spot, target=spot))


def test_a_shift_that_hides_the_task_gives_up_with_a_reason(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shifts, "ATTEMPTS", 5)  # all 500 would take seconds

    def zoom(scene: Scene, _: np.random.Generator) -> Scene:
        return replace(scene, camera=replace(scene.camera, fovy_deg=3.0))

    with pytest.raises(ParaBenchError, match=r"no fair shifted scene in 5 draws, the last failed because .* not wholly in view; .*under"):
        shifted(zoom, scene, rng())


def test_placements_are_kept() -> None:
    left = Region((0.14, 0.02), (0.24, 0.14))
    for seed in range(10):
        drawn = sample_scene(rng(seed), Placement(object=left))
        assert (np.asarray(drawn.layout.object.xy) >= left.low).all()
        assert (np.asarray(drawn.layout.object.xy) <= left.high).all()
        assert np.linalg.norm(np.subtract(drawn.layout.object.xy, drawn.layout.target_xy)) >= Placement().min_distance
