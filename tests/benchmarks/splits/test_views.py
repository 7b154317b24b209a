"""Splits that move the camera: where they look from, and what their scenes promise."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.benchmarks.conditions import CONTROL, DEFAULT_TRAINING
from para_bench.benchmarks.scenes import test_scene as scene_of  # the name would be collected as a test
from para_bench.benchmarks.scenes import training_scene
from para_bench.benchmarks.splits import SPLITS, find_split, views
from para_bench.envs.fair import problems
from para_bench.envs.sampling import DEFAULT_CAMERA
from para_bench.geometry import project, view_angle_deg
from para_bench.sim.cameras import WORKSPACE_CENTRE


def test_view_grid_covers_64_cells_within_25_deg() -> None:
    split = SPLITS["novel_view"]
    cells = [c for c in split.conditions if c.factor == "view_grid"]
    assert len({c.level for c in cells}) == 64
    assert sorted(i for c in cells for i in c.indices(64)) == list(range(64))
    for cell in cells:
        camera = cell.shift(scene_of(split, CONTROL, 0), np.random.default_rng(0)).camera
        assert view_angle_deg(camera, DEFAULT_CAMERA, WORKSPACE_CENTRE) <= 25


@pytest.mark.parametrize("angle", views.VIEW_ANGLES_DEG)
def test_a_view_angle_is_the_angle_that_its_level_says(angle: int) -> None:
    split = views.novel_view()
    camera = scene_of(split, split.condition("view_angle", str(angle)), 0).camera
    assert view_angle_deg(camera, DEFAULT_CAMERA, WORKSPACE_CENTRE) == pytest.approx(angle, abs=0.01)


def test_control_scenes_of_novel_view_are_in_view_from_the_border_of_the_map() -> None:
    split = views.novel_view()
    scene = scene_of(split, CONTROL, 0)
    for level in ("a0e0", "a7e7", "a0e7", "a7e0"):
        shift = split.condition("view_grid", level).shift
        assert problems(shift(scene, np.random.default_rng(0))) == []  # leaves nothing to chance


def test_in_version_2_a_view_is_changed_in_one_number_at_a_time() -> None:
    split = find_split("novel_view", version=2)
    default = np.asarray(DEFAULT_CAMERA.position) - WORKSPACE_CENTRE
    for condition in split.conditions:
        if condition.factor in ("view_angle", "view_grid"):
            continue
        scene, level = scene_of(split, condition, 2), float(condition.level)
        camera, offset = scene.camera, np.asarray(scene.camera.position) - WORKSPACE_CENTRE
        x, y, z = offset
        azimuth, elevation, distance = np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y))), np.linalg.norm(offset)
        aim, _ = project(WORKSPACE_CENTRE, camera.resized(100))
        right = camera.world_from_camera[:3, 0]
        found = {
            "azimuth": abs(azimuth),
            "elevation": elevation - 45,
            "distance": distance,
            "roll": abs(np.degrees(np.arcsin(right[2] / np.cos(np.radians(elevation))))),
            "look_at": 0.0,
        }
        expected = {"azimuth": 0.0, "elevation": 0.0, "distance": np.linalg.norm(default), "roll": 0.0, "look_at": 0.0}
        if condition.factor == "look_at":
            focal_px = camera.resized(100).intrinsics[0, 0]
            off_m = np.linalg.norm((aim - 50) / [1, np.sin(np.radians(45))]) / focal_px * distance
            assert 100 * off_m == pytest.approx(level, rel=0.1)  # a point of the table off the middle is nearer or farther
        else:
            np.testing.assert_allclose(aim, 50, atol=1e-6)
            expected[condition.factor] = level
        assert found == pytest.approx(expected, abs=1e-6)
        assert problems(scene) == []


def test_version_1_has_its_own_novel_view() -> None:
    first = find_split("novel_view", version=1)
    assert {condition.factor for condition in first.conditions} == {"view_angle", "view_grid"}
    assert scene_of(first, first.condition("view_angle", "25"), 7).hash == "b345e0b4c8e50db4"  # as it was before version 2


def test_the_hemispheres_are_left_and_right_of_the_arm() -> None:
    split = views.view_hemisphere()
    for i in range(4):
        control, right = (scene_of(split, condition, i).camera.position for condition in split.all_conditions)
        assert control[1] > 0 > right[1]
        assert right == pytest.approx((control[0], -control[1], control[2]), abs=1e-9)


def test_adaptation_sees_before_and_after_from_the_view_it_trains_on() -> None:
    split = views.view_adaptation()
    before, after = split.conditions
    assert (split.training_of(before), split.training_of(after).adapts) == (DEFAULT_TRAINING, DEFAULT_TRAINING)
    taught = training_scene(split.training_of(after), 0, 0, 5).camera
    for condition in split.conditions:
        assert scene_of(split, condition, 0).camera.position == pytest.approx(taught.position)
    assert scene_of(split, before, 0) != scene_of(split, CONTROL, 0)


def test_lens_and_calibration_change_what_their_level_says() -> None:
    for condition in views.camera_intrinsics().conditions:
        assert scene_of(views.camera_intrinsics(), condition, 0).camera.fovy_deg == float(condition.level)
    split = views.calibration()
    control = scene_of(split, CONTROL, 0)
    for condition in split.conditions:
        scene = scene_of(split, condition, 0)
        assert scene.camera == control.camera  # the image stays right
        assert (scene == control) == (condition.level == "0")  # what is told does not


def test_maps_and_curves_are_declared_for_reports() -> None:
    kinds = {factor.name: factor.kind for name in ("novel_view", "calibration") for factor in SPLITS[name].factors}
    assert kinds == {"view_angle": "curve", "view_grid": "map", "calibration_rotation": "curve", "calibration_translation": "curve"}
