"""Laws of projection, lifting and rotations, for any camera that there may be; numbers that are none are refused in one line."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from laws import LAW

from para_bench.geometry import (
    homography,
    jaw_yaw,
    lift,
    look_at,
    project,
    quat_from_matrix,
    rays,
    turn,
    unproject,
    view_angle_deg,
    wrap_yaw,
)
from para_bench.types import Camera, ParaBenchError

pytestmark = pytest.mark.integration  # hundreds of examples each

EXACT = 1e-9  # metres or radians: round-off of a few products of doubles of size 1
metres = st.floats(-3, 3)
points = st.tuples(metres, metres, metres)
anything = st.floats()
wide = st.floats(-1e9, 1e9) | st.sampled_from([math.nan, math.inf, -math.inf])
triples = st.tuples(anything, anything, anything)


@st.composite
def quats(draw: st.DrawFn) -> tuple[float, float, float, float]:
    parts = np.array([draw(st.floats(-1, 1)) for _ in range(4)])
    assume(np.linalg.norm(parts) > 1e-3)
    w, x, y, z = (parts / np.linalg.norm(parts)).tolist()
    return w, x, y, z


cameras = st.builds(Camera, points, quats(), st.floats(1, 170), st.integers(1, 4096), st.integers(1, 4096))
shares = st.tuples(st.floats(0, 1), st.floats(0, 1))


@LAW
@given(cameras, shares, st.floats(0.01, 10))
def test_project_undoes_unproject(camera: Camera, share: tuple[float, float], depth: float) -> None:
    pixel = np.array(share) * [camera.width, camera.height]
    back, again = project(unproject(pixel, np.array(depth), camera), camera)
    tolerance = 1e-9 * camera.intrinsics[0, 0] / min(depth, 1)  # px: round-off of metres, seen from `depth`
    np.testing.assert_allclose(back, pixel, rtol=1e-9, atol=max(1e-9, tolerance * 10))
    assert again == pytest.approx(depth, abs=1e-8 * max(1, np.abs(rays(pixel, camera)).max() * depth))


@LAW
@given(cameras, shares, metres)
def test_what_is_lifted_lies_on_its_plane_and_ray_or_nowhere(camera: Camera, share: tuple[float, float], height: float) -> None:
    pixel = np.array(share) * [camera.width, camera.height]
    point, direction = lift(pixel, np.array(height), camera), rays(pixel, camera)
    depth = (height - camera.position[2]) / direction[2] if direction[2] else math.inf
    if not 0 < depth < math.inf:
        assert np.isnan(point).all()
        return
    assume(depth < 1e6)  # nearly along the plane: as far off as round-off likes
    scale = max(1.0, np.abs(point).max())
    assert point[2] == pytest.approx(height, abs=EXACT * scale)
    np.testing.assert_allclose(np.cross(point - camera.position, direction), 0, atol=1e-8 * scale * max(1, np.abs(direction).max()))


@LAW
@given(st.tuples(wide, wide), wide, cameras)
def test_lifting_gives_a_point_or_nan(pixel: tuple[float, float], height: float, camera: Camera) -> None:
    with np.errstate(all="ignore"):  # of what is infinite or no number
        point = lift(np.array(pixel), np.array(height), camera)
    assert np.isfinite(point).all() or np.isnan(point).all()


@LAW
@given(points, points, points)
def test_look_at_is_a_rotation_that_looks_at_its_target(
    eye: tuple[float, ...], target: tuple[float, ...], up: tuple[float, float, float]
) -> None:
    away = np.subtract(target, eye)
    assume(np.linalg.norm(away) > 1e-6)
    assume(np.linalg.norm(up) > 1e-6)
    camera = Camera((0.0, 0.0, 0.0), look_at(np.array(eye), np.array(target), up), 42.0)
    rotation = camera.world_from_camera[:3, :3]
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(rotation[:, 2], away / np.linalg.norm(away), atol=1e-7)
    assert np.linalg.det(rotation) == pytest.approx(1)
    level = np.cross(rotation[:, 2], np.array(up) / np.linalg.norm(up))
    if np.linalg.norm(level) > 1e-5:  # else it looks along `up`, and no row of the image is level
        assert abs(rotation[:, 0] @ up) / np.linalg.norm(up) < 1e-7
        assert rotation[:, 1] @ up < 0


@LAW
@given(triples, triples, triples)
def test_look_at_gives_a_quaternion_or_one_line(eye: tuple, target: tuple, up: tuple) -> None:
    try:
        quat = look_at(np.array(eye), np.array(target), up)
    except ParaBenchError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either is right
        assert "allowed: " in str(error)  # noqa: PT017
        return
    assert math.hypot(*quat) == pytest.approx(1)
    assert quat[0] >= 0


@LAW
@given(quats())
def test_quaternions_round_trip(quat: tuple[float, float, float, float]) -> None:
    rotation = Camera((0.0, 0.0, 0.0), quat, 42.0).world_from_camera[:3, :3]
    found = quat_from_matrix(rotation)
    assert found[0] >= 0
    assert math.hypot(*found) == pytest.approx(1)
    np.testing.assert_allclose(Camera((0.0, 0.0, 0.0), found, 42.0).world_from_camera[:3, :3], rotation, atol=EXACT)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_matrix_that_is_not_finite_is_refused(value: float) -> None:
    rotation = np.eye(3)
    rotation[1, 2] = value
    for function in (quat_from_matrix, jaw_yaw):
        with pytest.raises(ParaBenchError, match="allowed: finite numbers"):
            function(rotation)


angles = st.floats(-40, 40)


@LAW
@given(cameras, angles, angles, angles, st.floats(20, 100), points)
def test_turning_a_camera_is_the_homography(camera: Camera, yaw: float, pitch: float, roll: float, fovy: float, point: tuple) -> None:
    turned = turn(camera, yaw, pitch, roll, fovy)
    (before, near), (after, far) = project(np.array(point), camera), project(np.array(point), turned)
    assume(near > 0.05)
    assume(far > 0.05)
    assert turned.position == camera.position
    mapped = homography(camera, turned) @ [*after, 1.0]
    np.testing.assert_allclose(mapped[:2] / mapped[2], before, rtol=1e-7, atol=1e-7 * camera.intrinsics[0, 0])


@LAW
@given(st.floats(-1e6, 1e6) | st.integers(-50, 50).map(lambda k: k * np.pi / 2) | st.floats(-1e-12, 1e-12).map(lambda e: -np.pi / 2 - e))
def test_a_wrapped_yaw_is_the_same_jaw_and_within_its_range(yaw: float) -> None:
    wrapped = float(wrap_yaw(yaw))
    assert -np.pi / 2 <= wrapped < np.pi / 2
    assert np.exp(2j * wrapped) == pytest.approx(np.exp(2j * yaw), abs=1e-9)
    assert float(wrap_yaw(wrapped)) == wrapped
    assert wrap_yaw(np.array([yaw, wrapped])).tolist() == [wrapped, wrapped]


@LAW
@given(st.floats(-np.pi, np.pi) | st.floats(-1e-12, 1e-12).map(lambda e: -np.pi / 2 - e))
def test_the_yaw_of_a_jaw_is_that_of_its_closing_axis(yaw: float) -> None:
    closing = np.array([math.cos(yaw), math.sin(yaw), 0.0])
    found = jaw_yaw(np.stack([[0.0, 0.0, -1.0], closing, np.cross([0.0, 0.0, -1.0], closing)], axis=1))
    assert -np.pi / 2 <= found < np.pi / 2
    assert np.exp(2j * found) == pytest.approx(np.exp(2j * yaw), abs=1e-9)


@LAW
@given(cameras, cameras, points)
def test_the_angle_between_two_views_is_one(a: Camera, b: Camera, centre: tuple[float, ...]) -> None:
    place = np.array(centre)
    if any(np.allclose(camera.position, place, atol=1e-9) for camera in (a, b)):
        return  # the next test
    angle = view_angle_deg(a, b, place)
    assert 0 <= angle <= 180
    assert view_angle_deg(b, a, place) == pytest.approx(angle, abs=1e-6)
    assert view_angle_deg(a, replace(b, position=a.position), place) == pytest.approx(0, abs=1e-5)  # arccos near 1 keeps half of the digits


def test_a_camera_in_the_centre_has_no_direction() -> None:
    camera = Camera((0.1, 0.2, 0.3), (1.0, 0.0, 0.0, 0.0), 42.0)
    with pytest.raises(ParaBenchError, match="allowed: another place"):
        view_angle_deg(camera, replace(camera, position=(1.0, 1.0, 1.0)), np.array(camera.position))
