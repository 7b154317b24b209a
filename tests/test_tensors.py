"""The encodings that every head shares."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from para_bench.geometry import project, wrap_yaw
from para_bench.tensors import (
    ENCODED_DIM,
    STATE_DIM,
    Features,
    decode_actions,
    encode_actions,
    encode_state,
    observation_tensors,
    pixel_shares,
    unit_intrinsics,
)
from para_bench.types import ACTIONS, Camera, Observation, Scene

FLOAT32 = 1e-6  # metres, radians and shares: round-off of the encoding's float32


def actions(count: int = 200) -> np.ndarray:
    rng = np.random.default_rng(0)  # any seed
    return rng.uniform([*ACTIONS.low, -np.pi / 2, 0], [*ACTIONS.high, np.pi / 2, 1], (count, 5))


def test_decode_undoes_encode() -> None:
    wanted = actions()
    found = decode_actions(encode_actions(wanted))
    np.testing.assert_allclose(found[:, [0, 1, 2, 4]], wanted[:, [0, 1, 2, 4]], atol=FLOAT32)
    np.testing.assert_allclose(wrap_yaw(found[:, 3] - wanted[:, 3]), 0, atol=FLOAT32)


def test_encoding_covers_the_workspace_and_knows_half_a_turn() -> None:
    encoded = encode_actions(actions())
    assert (encoded.shape[1], encoded.dtype) == (ENCODED_DIM, np.float32)
    assert np.abs(encoded).max() <= 1 + FLOAT32
    corners = encode_actions(np.array([[*ACTIONS.low, 0, 0], [*ACTIONS.high, 0, 1]]))
    np.testing.assert_allclose(corners[:, [0, 1, 2, 5]], [[-1] * 4, [1] * 4], atol=FLOAT32)
    np.testing.assert_allclose(encode_actions(actions() + np.pi * np.eye(5)[3]), encoded, atol=FLOAT32)


def test_places_beyond_the_workspace_are_not_squashed() -> None:
    outside = np.array([0.5, -0.4, 0.3, 0.2, 0.5])
    np.testing.assert_allclose(decode_actions(encode_actions(outside)), outside, atol=FLOAT32)


def test_the_opening_is_clipped() -> None:
    assert decode_actions(np.array([0, 0, 0, 0, 1, 3.0]))[4] == 1
    assert decode_actions(np.array([0, 0, 0, 0, 1, -3.0]))[4] == 0


def test_axes_are_kept() -> None:
    chunk = actions(24).reshape(2, 12, 5)
    assert encode_actions(chunk).shape == (2, 12, ENCODED_DIM)
    assert encode_state(chunk[..., :3], chunk[..., 3], chunk[..., 4]).shape == (2, 12, STATE_DIM)


@pytest.mark.parametrize("size", [1, 64, 448])
def test_pixel_shares_and_unit_intrinsics_hold_for_every_image_size(scene: Scene, size: int) -> None:
    points = actions()[:, :3]
    camera = scene.camera.resized(size)
    shares = pixel_shares(points, camera)
    np.testing.assert_allclose(shares * size, project(points, camera)[0], atol=1e-9)  # round-off
    np.testing.assert_allclose(shares, pixel_shares(points, scene.camera), atol=1e-12)
    np.testing.assert_allclose(unit_intrinsics(camera), scene.camera.resized(1).intrinsics, atol=1e-12)


def test_wide_images_have_shares_of_each_side() -> None:
    camera = Camera((0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0), 60.0, 200, 100)
    np.testing.assert_allclose(pixel_shares(np.array([0.0, 0.0, 1.0]), camera), [0.5, 0.5])
    np.testing.assert_allclose(unit_intrinsics(camera)[:2, 2], [0.5, 0.5])


def test_an_observation_is_encoded_as_a_window_is(scene: Scene) -> None:
    position, yaw, opening = np.array([0.2, 0.05, 0.04]), 0.3, 0.7
    seen = Observation(np.zeros((8, 8, 3), np.uint8), np.r_[position, 1, 0, 0, 0], yaw, opening, scene.camera.resized(8))
    look = observation_tensors(seen, torch.device("cpu"))
    np.testing.assert_array_equal(look.state.numpy(), encode_state(position[None], np.array([yaw]), np.array([opening])))
    np.testing.assert_allclose(look.gripper_pixel.numpy(), pixel_shares(position, scene.camera)[None], atol=FLOAT32)
    np.testing.assert_allclose(look.intrinsics.numpy(), unit_intrinsics(scene.camera)[None], atol=FLOAT32)
    np.testing.assert_allclose(look.world_from_camera.numpy(), scene.camera.world_from_camera[None], atol=FLOAT32)


def test_a_row_of_features_is_one_image() -> None:
    features = Features((torch.arange(24.0).reshape(2, 3, 2, 2), torch.arange(8.0).reshape(2, 4, 1, 1)), torch.arange(6.0).reshape(2, 3))
    row = features.row(1)
    assert [tuple(level.shape) for level in row.maps] == [(1, 3, 2, 2), (1, 4, 1, 1)]
    assert torch.equal(row.maps[0][0], features.maps[0][1])
    assert row.summary is not None
    assert row.summary.tolist() == [[3.0, 4.0, 5.0]]
    assert Features(features.maps).row(0).summary is None
