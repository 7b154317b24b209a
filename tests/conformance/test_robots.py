"""Every robot keeps every rule; and a rule sees what breaks it."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.conformance.robots import RULES
from para_bench.conformance.subject import BrokenRuleError
from para_bench.robots import ROBOTS
from para_bench.robots.so101 import SO101


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("robot", ROBOTS)
def test_a_robot_keeps_the_rule(robot: str, rule: str) -> None:
    RULES[rule](ROBOTS[robot])


class Misnamed(SO101):
    joints = ("shoulder_lift", "shoulder_pan", "elbow_flex", "wrist_flex", "wrist_roll")


class Off(SO101):
    """Two millimetres beside."""

    def solve(self, positions: np.ndarray, yaws: np.ndarray, roll_near: float = 0.0) -> np.ndarray:
        return super().solve(positions + 0.002 * (positions < 0.2), yaws, roll_near)


class Boastful(SO101):
    def reachable(self, positions: np.ndarray) -> np.ndarray:
        return np.ones(len(positions), bool)


class Wide(SO101):
    jaw_width = 0.08


@pytest.mark.parametrize(
    ("robot", "rule", "words"),
    [
        (Misnamed(), "names", "joints are"),
        (Off(), "inverse", "mm from"),
        (Boastful(), "refuses", "disagree"),
        (Wide(), "jaw", "58.0 mm apart; allowed: jaw_width, 80.0 mm"),
    ],
)
def test_what_breaks_a_rule_is_told(robot: SO101, rule: str, words: str) -> None:
    with pytest.raises(BrokenRuleError, match=words):
        RULES[rule](robot)
