"""Scenes as MuJoCo models: what stands where, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from para_bench.envs.scenes import simulation_of
from para_bench.sim import textures
from para_bench.sim.build import TIMESTEP_S
from para_bench.sim.executor import KNOT_S, Executor
from para_bench.tasks.place import PLATE_HALF_HEIGHT
from para_bench.types import ParaBenchError, Scene, Surface


def test_named_parts_stand_where_the_scene_says(literal_scene: Scene) -> None:
    data, model = (simulation := simulation_of(literal_scene)).data, simulation.model
    half_size = literal_scene.layout.object.half_size
    np.testing.assert_allclose(simulation.object_pose[:3], [*literal_scene.layout.object.xy, half_size[2]], atol=1e-12)  # as written
    np.testing.assert_allclose(model.geom("object").size, half_size)
    np.testing.assert_allclose(data.geom("target").xpos, [*literal_scene.layout.target_xy, PLATE_HALF_HEIGHT], atol=1e-12)
    table = model.geom("table")
    assert table.pos[2] + table.size[2] == 0  # the table's top is the world's zero
    for index, prop in enumerate(literal_scene.room.clutter):
        np.testing.assert_allclose(data.geom(f"clutter{index}").xpos, [*prop.xy, prop.half_size[2]], atol=1e-12)


def test_object_yaw_turns_it_about_z(literal_scene: Scene) -> None:
    data = simulation_of(literal_scene).data
    yaw = literal_scene.layout.object.yaw
    expected = [[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]]
    np.testing.assert_allclose(data.geom("object").xmat.reshape(3, 3), expected, atol=1e-12)


def test_the_arm_starts_at_home(literal_scene: Scene) -> None:
    simulation = simulation_of(literal_scene)
    np.testing.assert_allclose(simulation.gripper_pose[:3], literal_scene.home[:3], atol=1e-9)  # closed form
    assert simulation.gripper_yaw == pytest.approx(literal_scene.home[3], abs=0.01)  # rad; the tool leans at this height
    assert simulation.gripper_opening == 1


def test_nothing_touches_at_the_start_but_what_stands_on_the_table(scenes: list[Scene]) -> None:
    for scene in scenes:
        simulation = simulation_of(scene)
        assert simulation.knot().fingers_on_object == 0
        for pair in simulation.data.contact.geom:
            assert {simulation.model.geom(g).name for g in pair} <= {"object", "table", "target_top"}


def test_a_scene_at_rest_stays_at_rest(literal_scene: Scene) -> None:
    """The arm does not sag and the object does not creep: 1 s of holding still."""
    simulation = simulation_of(literal_scene)
    driver = Executor(simulation)
    gripper, thing = simulation.gripper_pose, simulation.object_pose
    for _ in range(4):
        driver.execute(np.array([*literal_scene.home, 1.0]))
    assert np.linalg.norm(simulation.gripper_pose[:3] - gripper[:3]) < 5e-4  # m; gravity is fed forward
    assert np.linalg.norm(simulation.object_pose[:3] - thing[:3]) < 5e-4  # m; the contact gives by a fraction of a millimetre


def test_knots_are_whole_physics_steps() -> None:
    assert pytest.approx(round(KNOT_S / TIMESTEP_S)) == KNOT_S / TIMESTEP_S


@pytest.mark.parametrize("shape", ["box", "cylinder", "ellipsoid", "capsule"])
def test_every_prop_shape_fills_its_half_size(literal_scene: Scene, shape: str) -> None:
    prop = replace(literal_scene.room.clutter[0], shape=shape, half_size=(0.02, 0.02, 0.04))
    model = simulation_of(replace(literal_scene, room=replace(literal_scene.room, clutter=(prop,)))).model
    np.testing.assert_allclose(model.geom("clutter0").pos[2], 0.04)
    found = model.geom_aabb[model.geom("clutter0").id][3:]
    np.testing.assert_allclose(found, prop.half_size, atol=1e-9)


def test_unknown_names_are_told_with_the_known_ones(literal_scene: Scene) -> None:
    layout = literal_scene.layout
    with pytest.raises(ParaBenchError, match=r"prop shape is 'cone'; allowed: box, cylinder, ellipsoid, capsule"):
        simulation_of(replace(literal_scene, layout=replace(layout, object=replace(layout.object, shape="cone"))))
    with pytest.raises(ParaBenchError, match=r"surface pattern is 'marble'; allowed: plain, .*clouds"):
        simulation_of(replace(literal_scene, room=replace(literal_scene.room, table=replace(literal_scene.room.table, pattern="marble"))))


@pytest.mark.parametrize("pattern", list(textures.PATTERNS))
def test_textures_mix_their_two_colours_by_their_seed(pattern: str) -> None:
    rgb, rgb2 = (0.2, 0.4, 0.6), (0.6, 0.5, 0.2)
    first, again, other = (textures.draw(Surface(pattern, rgb, rgb2, seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert first.std() > 0
    low, high = np.minimum(rgb, rgb2), np.maximum(rgb, rgb2)
    assert (first / 255 >= low - 1 / 255).all()  # a byte of rounding
    assert (first / 255 <= high + 1 / 255).all()
    assert pattern in ("checker", "stripes") or (first != other).any()  # these two have few layouts, which seeds may share
