"""What a policy is told is the observation's own, in the frames that are named, and "it sees" says exactly that."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from para_bench.geometry import jaw_yaw
from para_bench.remote.keys import find_keys, presets
from para_bench.remote.looks import PARTS, VECTORS, Look, parts_of, sees, told
from para_bench.types import Observation


def test_parts_are_the_observation_s_own(look: Observation) -> None:
    one = Look(look, "do it", seed=7, index=2)
    assert PARTS["image"](one) is look.image
    np.testing.assert_array_equal(PARTS["image_chw"](one)[1], look.image[:, :, 1])
    assert not PARTS["black_image"](one).any()
    np.testing.assert_array_equal(PARTS["world_from_camera"](one), look.camera.world_from_camera)
    assert (PARTS["prompt"](one), PARTS["episode_seed"](one), PARTS["look_index"](one)) == ("do it", 7, 2)
    assert (PARTS["opening"](one) + PARTS["closing"](one)).tolist() == [1.0]
    np.testing.assert_allclose(PARTS["fingers"](one), look.gripper_opening * np.array([0.04, -0.04]))


@pytest.mark.parametrize("approach", ["x", "z"])
def test_rotations_are_one_rotation(look: Observation, approach: str) -> None:
    one = Look(look, "", approach=approach)
    matrix = Rotation.from_quat(PARTS["quat_xyzw"](one)).as_matrix()
    for other in (
        Rotation.from_quat(PARTS["quat_wxyz"](one)[[1, 2, 3, 0]]),
        Rotation.from_rotvec(PARTS["axis_angle"](one)),
        Rotation.from_euler("xyz", PARTS["euler_xyz"](one)),
    ):
        np.testing.assert_allclose(other.as_matrix(), matrix, atol=1e-9)
    axis = matrix[:, "xyz".index(approach)]
    assert axis[2] < -0.9  # it points down
    assert np.cos(2 * (jaw_yaw(matrix) - look.gripper_yaw)) > 0.999
    assert np.linalg.det(matrix) == pytest.approx(1)


def test_lists_are_one_vector_and_objects_stay_objects(look: Observation) -> None:
    found = told({"a": ["position", "yaw"], "b": {"c": "image", "d": {"e": "text:pick"}}}, Look(look, ""))
    np.testing.assert_array_equal(found["a"], [*look.gripper_pose[:3], look.gripper_yaw])
    assert found["b"]["d"] == {"e": "pick"}
    assert found["b"]["c"] is look.image


def test_every_part_is_told_and_every_vector_is_one(look: Observation) -> None:
    for name in PARTS:
        assert told({"it": name}, Look(look, "words"))["it"] is not None
    for name in VECTORS:
        assert told({"it": [name]}, Look(look, ""))["it"].ndim == 1


def test_it_sees_what_it_is_given() -> None:
    assert sees({"a": "image"}) == "RGB"
    assert sees({"a": {"b": "image_chw"}, "c": "intrinsics"}) == "RGB + calibration"
    assert sees({"a": "image", "b": "depth", "c": "camera"}) == "RGB-D + calibration"
    assert sees({"b": "depth", "c": "camera"}) == "depth + calibration"
    assert sees({"a": ["position"], "b": "black_image"}) == "no image"
    assert {name: sees(find_keys(name).observation) for name in presets()} == {
        "aloha": "RGB",
        "droid": "RGB",
        "lerobot": "RGB + calibration",
        "libero": "RGB",
        "ours": "RGB + calibration",
        "ours_depth": "RGB-D + calibration",
        "ours_rgb": "RGB",
        "vla_eval_libero": "RGB",
    }
    assert "fingers" in parts_of(find_keys("libero").observation)
