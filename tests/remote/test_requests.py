"""What clients send: the whole observation comes through bit for bit, and each part that is wrong is told by its name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from para_bench.remote.codec import packed, unpacked
from para_bench.remote.keys import find_keys
from para_bench.remote.looks import Look, told
from para_bench.remote.requests import episode_of, observation_of
from para_bench.types import Observation, ParaBenchError


def request(look: Observation, preset: str = "ours_depth", **changes: Any) -> dict[str, Any]:
    return unpacked(packed(told(find_keys(preset).observation, Look(look, "do it", 5, 3)), text_keys=False)) | changes


def test_an_observation_comes_through_bit_for_bit(look: Observation) -> None:
    found = observation_of(request(look), 64, "RGB-D + calibration")
    np.testing.assert_array_equal(found.image, look.image)
    np.testing.assert_array_equal(found.depth, look.depth)  # type: ignore[arg-type]
    np.testing.assert_array_equal(found.gripper_pose, look.gripper_pose)
    assert (found.gripper_yaw, found.gripper_opening, found.camera) == (look.gripper_yaw, look.gripper_opening, look.camera)


def test_a_policy_that_sees_rgb_gets_no_calibration(look: Observation) -> None:
    found = observation_of(request(look, "ours_rgb"), 64, "RGB")
    assert found.depth is None
    assert found.camera != look.camera


WRONG = {
    "image": [None, np.zeros((64, 64, 3), np.float32), np.zeros((32, 64, 3), np.uint8), np.zeros((64, 64), np.uint8)],
    "gripper_pose": [np.zeros(6), np.full(7, np.nan), np.zeros(7, int), [0.0] * 7],
    "gripper_yaw": [0.0, np.zeros(2)],
    "camera": [None, {}, {"position": [0, 0, 0], "quat_wxyz": [1, 1, 0, 0], "fovy_deg": 42.0, "width": 64, "height": 64}],
    "depth": [np.zeros((64, 64), np.uint8), np.full((64, 64), np.inf)],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_what_is_wrong_is_told_by_its_name(name: str, value: Any, look: Observation) -> None:
    with pytest.raises(ParaBenchError, match=f"^{name}.* is .*; allowed: ") as told_:
        observation_of(request(look, **{name: value}), 64, "RGB-D + calibration")
    assert "\n" not in str(told_.value)


def test_what_is_missing_is_told(look: Observation) -> None:
    with pytest.raises(ParaBenchError, match=r"the observation is without camera; allowed: an object with image, .*camera"):
        observation_of(request(look, "ours_rgb"), 64, "RGB + calibration")
    with pytest.raises(ParaBenchError, match="the observation is"):
        observation_of(3, 64, "RGB")


def test_a_client_may_say_which_look_of_which_episode(look: Observation) -> None:
    assert episode_of(request(look)) == (5, 3)
    assert episode_of({}) == episode_of(None) == (0, -1)
    for wrong in ({"look_index": -1}, {"look_index": "0"}, {"look_index": 0, "episode_seed": 2**31}):
        with pytest.raises(ParaBenchError, match="episode_seed or look_index is"):
            episode_of(wrong)
