"""Names and numbers of a frame: what lerobot makes an input of, and what it says of the gripper and of the camera."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.data.store import Demonstrations
from para_bench.geometry import project
from para_bench.lerobot_data import features as f
from para_bench.lerobot_data.card import data_card
from para_bench.lerobot_data.yaw import yaw_of_double

SIZE = 64


@pytest.fixture(scope="module")
def row(demonstrations: Demonstrations) -> dict[str, np.ndarray]:
    return f.values(demonstrations.frames, 5, 0, 0, demonstrations.scenes[0].camera.resized(SIZE))


def test_every_feature_has_its_values_and_nothing_else(demonstrations: Demonstrations, row: dict[str, np.ndarray]) -> None:
    said = f.features(demonstrations.frames.qpos.shape[1], SIZE, video=False)
    assert set(said) == {*row, f.IMAGE}
    for name, value in row.items():
        assert (value.dtype, value.shape) == (np.dtype(said[name]["dtype"]), said[name]["shape"]), name
        assert value.ndim == 1, f"{name}: lerobot takes statistics of matrices as of pictures"


def test_labels_and_calibration_are_no_inputs(row: dict[str, np.ndarray]) -> None:
    assert {name for name in row if name.startswith(("observation", "action"))} == {f.STATE, f.ACTION}
    assert {name.partition(".")[0] for name in row} == {"observation", "action", "camera", "label"}


def test_state_action_and_calibration_are_those_of_the_frame(demonstrations: Demonstrations, row: dict[str, np.ndarray]) -> None:
    frames, camera = demonstrations.frames, demonstrations.scenes[0].camera.resized(SIZE)
    np.testing.assert_allclose(row[f.STATE][:3], frames.gripper_pose[5, :3], atol=1e-6)
    np.testing.assert_allclose(row[f.ACTION][[0, 1, 2, 5]], frames.actions[5, [0, 1, 2, 4]], atol=1e-6)
    assert abs(np.sin(yaw_of_double(row[f.ACTION][3:5]) - frames.actions[5, 3])) < 1e-6
    np.testing.assert_allclose(row[f.INTRINSICS].reshape(3, 3), camera.intrinsics, rtol=1e-6)
    np.testing.assert_allclose(row[f.POSE].reshape(4, 4), camera.world_from_camera, atol=1e-6)
    np.testing.assert_allclose(row[f.PIXEL], project(frames.gripper_pose[5, :3], camera)[0], rtol=1e-5)
    np.testing.assert_array_equal(row["label.waypoint"], frames.actions[5])


def test_the_data_card_names_every_key(demonstrations: Demonstrations, row: dict[str, np.ndarray]) -> None:
    card = data_card(demonstrations.scenes[0], "pick it", 3, 6, 100, 2, "2")
    for name in (f.IMAGE, f.STATE, f.ACTION, f.INTRINSICS, f.POSE, f.PIXEL, "label.waypoint", f.ABOUT):
        assert f"`{name}`" in card
    assert "3 demonstrations" in card
    assert card.startswith("---\nlicense: apache-2.0\n")
