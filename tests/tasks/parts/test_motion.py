"""The expert's way: the short way round, or the long one where the arm would turn over."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.geometry import wrap_yaw
from para_bench.robots import ROBOTS
from para_bench.tasks.parts.motion import Leg, steady_walk, turns_over, walk

HOME = (0.18, 0.0, 0.10, 0.0)
OVER = np.array([0.19, -0.07, 0.07])
"""Here the pan is at 0.4 rad, and a jaw at 0.9 rad needs more roll than there is: half a turn on at once."""


def test_a_joint_that_jumps_is_avoided() -> None:
    robot, legs = ROBOTS["so101"], (Leg(OVER, 1, 5, 0.9), Leg(OVER - np.array([0, 0, 0.05]), 1, 3))
    short, steady = walk(HOME, legs), steady_walk(HOME, legs, robot)
    assert turns_over(HOME, short, robot)
    assert not turns_over(HOME, steady, robot)
    assert np.array_equal(short[:, :3], steady[:, :3])
    assert float(wrap_yaw(steady[-1, 3] - 0.9)) == pytest.approx(0)


def test_the_short_way_is_kept_where_it_is_steady() -> None:
    robot, legs = ROBOTS["so101"], (Leg(OVER, 1, 5, 0.2),)
    assert np.array_equal(steady_walk(HOME, legs, robot), walk(HOME, legs))


def test_a_leg_without_a_yaw_does_not_turn() -> None:
    actions = walk(HOME, (Leg(OVER, 1, 5, 0.5), Leg(OVER + np.array([0.02, 0, 0]), 0, 4), Leg(OVER, 0, 4, -0.5)))
    assert actions[4:9, 3] == pytest.approx(0.5)
    assert actions[-1, 3] == pytest.approx(-0.5)
    assert actions[:, 4].tolist() == [1] * 5 + [0] * 8


def test_where_the_arm_does_not_reach_the_short_way_is_returned() -> None:
    legs = (Leg(np.array([0.9, 0.0, 0.07]), 1, 5, 0.5),)
    assert np.array_equal(steady_walk(HOME, legs, ROBOTS["so101"]), walk(HOME, legs))
