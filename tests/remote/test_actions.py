"""Actions of other conventions are waypoints of ours: made from known waypoints, they come back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from para_bench.geometry import wrap_yaw
from para_bench.remote.actions import ActionKeys, chunk, waypoints
from para_bench.remote.failures import BadAnswerError
from para_bench.remote.keys import find_keys
from para_bench.remote.looks import gripper_rotation
from para_bench.types import Observation

RNG = np.random.default_rng(0)  # any seed
N = 6
XYZ, YAW, OPENING = RNG.uniform(0.05, 0.3, (N, 3)), RNG.uniform(-1.5, 1.5, N), RNG.uniform(0, 1, N)
WANTED = np.column_stack([XYZ, YAW, OPENING])
SEVEN = ("x", "y", "z", "rx", "ry", "rz", "opening")


def same(found: np.ndarray, wanted: np.ndarray = WANTED) -> None:
    """Yaw modulo pi."""
    np.testing.assert_allclose(found[:, [0, 1, 2, 4]], wanted[:, [0, 1, 2, 4]], atol=1e-12)
    np.testing.assert_allclose(wrap_yaw(found[:, 3] - wanted[:, 3]), 0, atol=1e-5)  # the kept look is rounded to 1e-6


def turned(look: Observation, yaw: np.ndarray) -> Rotation:
    """World from gripper, pointing down, with these directions of the closing axis."""
    start = gripper_rotation(look, "x")
    return Rotation.from_rotvec((yaw - look.gripper_yaw)[:, None] * [0, 0, 1]) * start


def test_our_own_waypoints_are_taken_as_they_are(look: Observation) -> None:
    np.testing.assert_array_equal(waypoints(WANTED, ActionKeys(), look), WANTED)
    np.testing.assert_array_equal(waypoints({"actions": WANTED.tolist()}, ActionKeys(), look), WANTED)
    assert waypoints(WANTED[0], ActionKeys(), look).shape == (1, 5)
    np.testing.assert_array_equal(waypoints(WANTED.astype("f4"), ActionKeys(), look), WANTED.astype("f4"))


@pytest.mark.parametrize("approach", ["x", "z"])
@pytest.mark.parametrize("rotation", ["axis_angle", "euler_xyz", "quaternion"])
def test_absolute_rotations_give_the_direction_of_the_closing_axis(rotation: str, approach: str, look: Observation) -> None:
    found = turned(look, YAW)
    found = found * Rotation.from_matrix([[0, 0, 1], [0, 1, 0], [-1, 0, 0]]) if approach == "z" else found
    numbers = {
        "axis_angle": found.as_rotvec(),
        "euler_xyz": found.as_euler("xyz"),
        "quaternion": -2 * found.as_quat()[:, [3, 0, 1, 2]],  # of any length and sign
    }[rotation]
    columns = ("x", "y", "z", "qw", "qx", "qy", "qz", "opening") if rotation == "quaternion" else SEVEN
    keys = ActionKeys(columns=columns, rotation=rotation)
    same(waypoints(np.column_stack([XYZ, numbers, OPENING]), keys, look, approach))


def test_sine_and_cosine_of_twice_the_yaw_of_any_length(look: Observation) -> None:
    keys = find_keys("lerobot").action
    rows = np.column_stack([XYZ, 2 * np.sin(2 * YAW), 2 * np.cos(2 * YAW), OPENING])
    same(waypoints({"action": rows}, keys, look))


@pytest.mark.parametrize("frame", ["world", "gripper"])
@pytest.mark.parametrize("approach", ["x", "z"])
def test_deltas_add_up_from_where_the_gripper_is(frame: str, approach: str, look: Observation) -> None:
    steps = np.diff(np.vstack([[*look.gripper_pose[:3], look.gripper_yaw], WANTED[:, :4]]), axis=0)
    moves, turns = steps[:, :3], steps[:, 3:] * [0, 0, 1]
    if frame == "gripper":
        rotation = gripper_rotation(look, approach).inv()
        moves, turns = rotation.apply(moves), rotation.apply(turns)
    keys = ActionKeys(kind="delta", frame=frame, columns=SEVEN, rotation="axis_angle", metres=0.05, radians=0.5)
    same(waypoints(np.column_stack([moves / 0.05, turns / 0.5, OPENING]), keys, look, approach))
    keys = replace(keys, columns=("x", "y", "z", "yaw", "opening"), rotation="yaw")
    same(waypoints(np.column_stack([moves / 0.05, steps[:, 3] / 0.5, OPENING]), keys, look, approach))


def test_the_part_of_a_turn_that_the_arm_cannot_do_is_left_out(look: Observation) -> None:
    keys = find_keys("libero").action
    tilted = np.zeros((2, 7))
    tilted[:, 3] = 1.0  # about world x
    np.testing.assert_allclose(waypoints(tilted, keys, look)[:, 3], look.gripper_yaw)


@pytest.mark.parametrize(("preset", "opened", "closed"), [("libero", -1, 1), ("vla_eval_libero", -1, 1), ("droid", 0, 1)])
def test_the_polarity_of_the_gripper_is_the_preset_s(preset: str, opened: float, closed: float, look: Observation) -> None:
    rows = np.zeros((4, 7))
    rows[:, 6] = [opened, closed, (opened + closed) / 2, closed + 3 * (closed - opened)]
    np.testing.assert_allclose(waypoints(rows, find_keys(preset).action, look)[:, 4], [1, 0, 0.5, 0])


def test_libero_s_largest_step_is_five_centimetres(look: Observation) -> None:
    rows = np.zeros((3, 7))
    rows[:, 0], rows[:, 5] = 1, -1
    found = waypoints(rows, find_keys("libero").action, look)
    np.testing.assert_allclose(found[:, 0] - look.gripper_pose[0], [0.05, 0.10, 0.15])
    np.testing.assert_allclose(found[:, 3] - look.gripper_yaw, [-0.5, -1.0, -1.5])


def test_columns_that_nothing_reads(look: Observation) -> None:
    keys = ActionKeys(columns=("-", "x", "y", "z", "yaw", "opening", "-"))
    np.testing.assert_array_equal(waypoints(np.column_stack([YAW, WANTED, YAW]), keys, look), WANTED)


@pytest.mark.parametrize(
    "answer", [None, "words", {"a": 1}, np.zeros((2, 4)), np.zeros(()), np.array([["a"] * 5]), [[1, 2], [3]], np.full((1, 5), np.inf)]
)
def test_what_is_no_chunk_is_refused_in_one_line(answer: Any, look: Observation) -> None:
    with pytest.raises(BadAnswerError, match="allowed: ") as told:
        waypoints(answer, ActionKeys(), look)
    assert "\n" not in str(told.value)


def test_a_quaternion_of_length_0(look: Observation) -> None:
    keys = ActionKeys(columns=("x", "y", "z", "qw", "qx", "qy", "qz", "opening"), rotation="quaternion")
    with pytest.raises(BadAnswerError, match="a quaternion of length 0"):
        waypoints(np.zeros((1, 8)), keys, look)


def test_a_chunk_has_what_is_executed_before_the_next_look() -> None:
    assert chunk(WANTED, 6).shape == (12, 5)
    np.testing.assert_array_equal(chunk(WANTED, 6)[6:], np.tile(WANTED[-1], (6, 1)))
    with pytest.raises(BadAnswerError, match=r"a chunk of 6 actions; allowed: 7 or more, or --replan-steps 6"):
        chunk(WANTED, 7)
