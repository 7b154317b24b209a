"""The distributions of training cameras and rooms, and what tests keep for themselves."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from para_bench.envs import ranges
from para_bench.envs.ranges import BEYOND_PATTERNS, CELL_DEG, DEFAULT_VIEWPOINT, HELD_OUT_DEG, TESTED_DEG, TRAINED, TRAINED_PATTERNS
from para_bench.envs.sampling import DEFAULT_CAMERA
from para_bench.geometry import project, view_angle_deg
from para_bench.sim.base import Region
from para_bench.sim.cameras import WORKSPACE_CENTRE
from para_bench.sim.rooms import MIN_CONTRAST, contrast
from para_bench.types import ParaBenchError, Scene

DRAWS = 200
"""Each with a random stream of its own."""


def views(draw) -> list[ranges.Viewpoint]:
    return [draw(np.random.default_rng(i)) for i in range(DRAWS)]


def outside(view: ranges.Viewpoint) -> set[str]:
    """Numbers that are not in the range of training."""
    found = set()
    for field in fields(TRAINED):
        low, high = getattr(TRAINED, field.name)
        if not all(low - 1e-9 <= value <= high + 1e-9 for value in np.atleast_1d(getattr(view, field.name))):
            found.add(field.name)
    return found


def test_training_cameras_fill_their_range_and_keep_out_of_the_windows() -> None:
    found = views(ranges.training_view)
    assert all(not outside(view) and not ranges.held_out(view) for view in found)
    for name in ("azimuth_deg", "elevation_deg", "distance_m", "roll_deg", "fovy_deg"):
        low, high = getattr(TRAINED, name)
        values = np.array([getattr(view, name) for view in found])
        assert values.min() < low + 0.1 * (high - low)
        assert values.max() > high - 0.1 * (high - low)


def test_test_cameras_inside_are_degrees_from_every_training_camera() -> None:
    trained = np.array([(view.azimuth_deg, view.elevation_deg) for view in views(ranges.training_view)])
    for view in views(ranges.inside_view):
        assert not outside(view)
        assert ranges.held_out(view)
        apart = np.abs(trained - (view.azimuth_deg, view.elevation_deg)).max(axis=1)  # the larger of both offsets
        assert apart.min() >= HELD_OUT_DEG - TESTED_DEG


def test_test_cameras_beyond_leave_the_range_in_azimuth_or_elevation_alone() -> None:
    found = [outside(view) for view in views(ranges.beyond_view)]
    assert all(each in ({"azimuth_deg"}, {"elevation_deg"}) for each in found)
    assert 0.3 < np.mean([each == {"azimuth_deg"} for each in found]) < 0.7


@pytest.mark.parametrize("draw", [ranges.training_view, ranges.inside_view, ranges.beyond_view])
def test_every_camera_sees_the_workspace(draw) -> None:
    (x, y), (u, v) = Region().low, Region().high
    corners = np.array([[a, b, 0.0] for a in (x, u) for b in (y, v)])
    for view in views(draw)[:50]:
        pixels, depth = project(corners, view.camera.resized(100))
        assert (depth > 0).all()
        assert (pixels > 0).all()
        assert (pixels < 100).all()


def test_the_default_camera_may_be_trained_on_and_its_numbers_are_right() -> None:
    assert not ranges.held_out(DEFAULT_VIEWPOINT)
    assert outside(DEFAULT_VIEWPOINT) == set()
    assert DEFAULT_VIEWPOINT.camera.position == DEFAULT_CAMERA.position
    assert DEFAULT_VIEWPOINT.camera.quat_wxyz == pytest.approx(DEFAULT_CAMERA.quat_wxyz, abs=1e-9)  # by another way


def test_a_viewpoint_is_the_camera_that_its_numbers_say() -> None:
    view = ranges.Viewpoint(30.0, 50.0, 0.8, 12.0, (0.03, -0.02), 40.0)
    camera, level = view.camera, ranges.Viewpoint(30.0, 50.0, 0.8, 0.0, (0.03, -0.02), 40.0).camera
    assert np.linalg.norm(np.subtract(camera.position, WORKSPACE_CENTRE)) == pytest.approx(0.8)
    middle, _ = project(np.add(WORKSPACE_CENTRE, (0.03, -0.02, 0.0)), camera)
    np.testing.assert_allclose(middle, [camera.width / 2, camera.height / 2], atol=1e-6)
    turned = level.world_from_camera[:3, :3].T @ camera.world_from_camera[:3, :3]
    assert np.degrees(np.arctan2(turned[1, 0], turned[0, 0])) == pytest.approx(12.0)
    aside = ranges.Viewpoint(30.0, 45.0, 0.75, 0.0, (0.0, 0.0), 42.0).camera
    cosine = np.cos(np.radians(45)) ** 2 * np.cos(np.radians(30)) + np.sin(np.radians(45)) ** 2
    assert view_angle_deg(aside, DEFAULT_CAMERA, WORKSPACE_CENTRE) == pytest.approx(np.degrees(np.arccos(cosine)))


def test_windows_leave_most_of_the_range_to_training() -> None:
    azimuths, elevations = ranges.cell_middles()
    assert (len(azimuths), len(elevations)) == (5, 2)
    assert (2 * HELD_OUT_DEG) ** 2 / (CELL_DEG[0] * CELL_DEG[1]) < 0.25


def test_a_range_from_which_nothing_is_seen_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "sees_workspace", lambda camera: False)
    with pytest.raises(ParaBenchError, match="no camera of the range sees the workspace in 500 draws"):
        ranges.training_view(np.random.default_rng(0))


def test_rooms_of_training_and_of_tests_beyond_share_no_pattern(scene: Scene) -> None:
    assert not set(TRAINED_PATTERNS) & set(BEYOND_PATTERNS)
    for draw, patterns in ((ranges.training_room, TRAINED_PATTERNS), (ranges.beyond_room, BEYOND_PATTERNS)):
        rooms = [draw(np.random.default_rng(i), scene) for i in range(20)]
        assert {surface.pattern for room in rooms for surface in (room.table, room.floor, room.walls)} == set(patterns)
        assert all(contrast(room.table.rgb, rgb) >= MIN_CONTRAST for room in rooms for rgb in scene.layout.colours.values())
