"""Projection, lifting, rotations and the homography of a turned camera."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from para_bench.geometry import (
    homography,
    length,
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

EXACT = 1e-9  # metres, pixels or radians: round-off of a few products of doubles
EYE, TARGET = np.array([0.72, 0.1, 0.55]), np.array([0.19, 0.0, 0.02])
UP = np.array([0, 0, 1.0])
CAMERA = Camera((0.72, 0.1, 0.55), look_at(EYE, TARGET), 42.0, 320, 240)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)  # any seed: the laws below hold for every draw


def points_in_view(rng: np.random.Generator) -> np.ndarray:
    return rng.uniform([0.04, -0.2, 0.0], [0.3, 0.2, 0.16], (200, 3))


def random_rotations(rng: np.random.Generator, count: int) -> np.ndarray:
    q, r = np.linalg.qr(rng.standard_normal((count, 3, 3)))
    q = q * np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None]
    return q * np.linalg.det(q)[:, None, None]


def test_unproject_undoes_project(rng: np.random.Generator) -> None:
    points = points_in_view(rng)
    pixels, depth = project(points, CAMERA)
    assert (depth > 0).all()
    np.testing.assert_allclose(unproject(pixels, depth, CAMERA), points, atol=EXACT)


def test_lift_undoes_project(rng: np.random.Generator) -> None:
    points = points_in_view(rng)
    pixels, _ = project(points, CAMERA)
    np.testing.assert_allclose(lift(pixels, points[:, 2], CAMERA), points, atol=EXACT)


def test_project_agrees_with_the_camera_matrices(rng: np.random.Generator) -> None:
    points = points_in_view(rng)
    camera_from_world = np.linalg.inv(CAMERA.world_from_camera)
    local = np.c_[points, np.ones(len(points))] @ camera_from_world.T
    homogeneous = local[:, :3] @ CAMERA.intrinsics.T
    pixels, depth = project(points, CAMERA)
    np.testing.assert_allclose(pixels, homogeneous[:, :2] / homogeneous[:, 2:], atol=EXACT)
    np.testing.assert_allclose(depth, local[:, 2], atol=EXACT)


@pytest.mark.parametrize("error", [0.001, 0.01, -0.02])
def test_a_height_error_moves_the_point_by_its_quotient_with_the_tangent_of_the_elevation(rng: np.random.Generator, error: float) -> None:
    points = points_in_view(rng)
    pixels, _ = project(points, CAMERA)
    moved = lift(pixels, points[:, 2] + error, CAMERA) - points
    sight = np.asarray(CAMERA.position) - points
    elevation = np.arctan2(sight[:, 2], np.linalg.norm(sight[:, :2], axis=1))
    np.testing.assert_allclose(np.linalg.norm(moved[:, :2], axis=1), abs(error) / np.tan(elevation), atol=EXACT)
    np.testing.assert_allclose(moved[:, 2], error, atol=EXACT)


def test_a_ray_that_does_not_go_down_lifts_to_nan() -> None:
    level = Camera((0.0, 0.0, 0.5), look_at(np.array([0.0, 0.0, 0.5]), np.array([1.0, 0.0, 0.5])), 42.0, 100, 100)
    pixels = np.array([[50.0, 20.0], [50.0, 80.0]])  # above and below the horizon
    assert rays(pixels, level)[0, 2] > 0 > rays(pixels, level)[1, 2]
    lifted = lift(pixels, np.zeros(2), level)
    assert np.isnan(lifted[0]).all()
    assert np.isfinite(lifted[1]).all()


def test_a_horizontal_ray_lifts_to_nan() -> None:
    level = Camera((0.0, 0.0, 0.5), (0.5, -0.5, 0.5, -0.5), 42.0, 100, 100)  # exactly level: looks along +x
    np.testing.assert_allclose(rays(np.array([50.0, 50.0]), level), [1, 0, 0], atol=EXACT)
    assert not np.isfinite(lift(np.array([[50.0, 50.0]]), np.zeros(1), level)).any()


def test_a_point_behind_the_camera_has_negative_depth() -> None:
    behind = EYE + (EYE - TARGET)
    assert project(behind, CAMERA)[1] < 0


@pytest.mark.parametrize("target", [TARGET, np.array([0.0, 2.0, 1.5]), EYE - UP, EYE + UP], ids=["table", "up", "nadir", "zenith"])
def test_look_at_builds_an_opencv_frame(target: np.ndarray) -> None:
    camera = replace(CAMERA, quat_wxyz=look_at(EYE, target))
    rotation = camera.world_from_camera[:3, :3]
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=EXACT)
    assert np.linalg.det(rotation) == pytest.approx(1)
    np.testing.assert_allclose(rotation[:, 2], (target - EYE) / np.linalg.norm(target - EYE), atol=EXACT)
    assert rotation[2, 0] == pytest.approx(0, abs=EXACT)  # the image's rows are level
    assert rotation[2, 1] <= EXACT  # down in the image is down in the world


def test_look_at_puts_its_target_into_the_middle_and_up_to_the_top() -> None:
    pixel, _ = project(TARGET, CAMERA)
    np.testing.assert_allclose(pixel, [160, 120], atol=1e-6)  # px
    higher, _ = project(TARGET + 0.05 * UP, CAMERA)
    assert higher[1] < pixel[1]


def test_look_at_refuses_one_point() -> None:
    with pytest.raises(ParaBenchError, match="two different points"):
        look_at(EYE, EYE)


def test_quaternions_round_trip(rng: np.random.Generator) -> None:
    half_turns = 2 * np.einsum("ni,nj->nij", v := np.eye(3), v) - np.eye(3)  # w = 0: where the common formula divides by zero
    for rotation in [np.eye(3), *half_turns, *random_rotations(rng, 100)]:
        quat = quat_from_matrix(rotation)
        assert np.linalg.norm(quat) == pytest.approx(1)
        assert quat[0] >= 0
        np.testing.assert_allclose(replace(CAMERA, quat_wxyz=quat).world_from_camera[:3, :3], rotation, atol=EXACT)


@pytest.mark.parametrize("angles", [(0, 0, 0), (5, 0, 0), (0, -4, 0), (0, 0, 12), (4, -3, 10)])
@pytest.mark.parametrize("zoom", [0.85, 1.0, 1.2])
def test_turning_the_camera_is_the_homography(rng: np.random.Generator, angles: tuple[float, float, float], zoom: float) -> None:
    turned = turn(CAMERA, *angles, CAMERA.fovy_deg * zoom)
    assert turned.position == CAMERA.position
    points = points_in_view(rng)
    before, after = project(points, CAMERA)[0], project(points, turned)[0]
    mapped = np.c_[after, np.ones(len(after))] @ homography(CAMERA, turned).T
    np.testing.assert_allclose(mapped[:, :2] / mapped[:, 2:], before, atol=1e-7)  # px, a few hundred times round-off


@pytest.mark.parametrize(("axis", "moves"), [(0, (-1, 0)), (1, (0, 1)), (2, (0, 0))])
def test_turn_turns_about_the_axis_it_names(axis: int, moves: tuple[int, int]) -> None:
    """What stood in the middle goes left when the camera yaws to the right, and down when it pitches up; rolling leaves it."""
    angles = [0.0, 0.0, 0.0]
    angles[axis] = 3.0
    turned = turn(CAMERA, *angles, CAMERA.fovy_deg)
    moved = project(TARGET, turned)[0] - [160, 120]
    np.testing.assert_array_equal(np.sign(np.round(moved, 6)), moves)  # 1e-6 px is round-off
    assert view_angle_deg(CAMERA, turned, TARGET) == pytest.approx(0, abs=1e-5)  # arccos near 1 keeps half of the digits


def test_wrap_yaw_is_the_angle_modulo_pi() -> None:
    yaw = np.linspace(-10, 10, 1001)
    wrapped = wrap_yaw(yaw)
    assert ((wrapped >= -np.pi / 2) & (wrapped < np.pi / 2)).all()
    np.testing.assert_allclose(np.exp(2j * wrapped), np.exp(2j * yaw), atol=EXACT)
    assert wrap_yaw(np.pi / 2) == -np.pi / 2


def test_resizing_keeps_the_view(rng: np.random.Generator) -> None:
    camera = replace(CAMERA, width=224, height=224)
    points = points_in_view(rng)
    np.testing.assert_allclose(project(points, camera.resized(448))[0], 2 * project(points, camera)[0], atol=EXACT)


def test_a_length_is_numpys_to_the_last_bit(rng: np.random.Generator) -> None:
    for vector in rng.normal(size=(1000, 3)):
        assert length(vector) == np.linalg.norm(vector)
        assert length(vector[:2]) == np.linalg.norm(vector[:2])
    assert length(np.array([np.inf, 1.0])) == np.inf
