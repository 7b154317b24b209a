"""Keys of teleoperation: each moves the target as it is seen in the window, inside the workspace, and the help names all of them."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.commands.teleop import Teleop
from para_bench.demonstrations.keys import (
    COARSE,
    COMMA,
    DOWN,
    ENTER,
    FINE,
    KEYS,
    LEFT,
    PAGE_DOWN,
    PAGE_UP,
    PERIOD,
    RIGHT,
    SLASH,
    SPACE,
    UP,
    Target,
)
from para_bench.types import ACTIONS

START = np.array([0.2, 0.0, 0.08, 0.0, 1.0])
STEP, TURN = COARSE


@pytest.mark.parametrize(
    ("azimuth_deg", "key", "change"),
    [
        (0, UP, (STEP, 0, 0, 0)),
        (0, LEFT, (0, STEP, 0, 0)),
        (180, UP, (-STEP, 0, 0, 0)),
        (180, RIGHT, (0, STEP, 0, 0)),
        (90, UP, (0, STEP, 0, 0)),
        (90, LEFT, (-STEP, 0, 0, 0)),
        (-90, DOWN, (0, STEP, 0, 0)),
        (200, DOWN, (STEP, 0, 0, 0)),
        (540, UP, (-STEP, 0, 0, 0)),
        (30, PAGE_UP, (0, 0, STEP, 0)),
        (30, PAGE_DOWN, (0, 0, -STEP, 0)),
        (30, COMMA, (0, 0, 0, TURN)),
        (30, PERIOD, (0, 0, 0, -TURN)),
    ],
)
def test_a_press_moves_one_step_as_it_is_seen(azimuth_deg: float, key: int, change: tuple[float, ...]) -> None:
    target = Target(START, ACTIONS)
    assert target.press(key, azimuth_deg)
    np.testing.assert_allclose(target.action, START + np.array([*change, 0]), atol=1e-12)


def test_fine_steps_are_switched_on_and_off() -> None:
    target = Target(START, ACTIONS)
    assert not target.press(SLASH, 0)
    target.press(UP, 0)
    assert not target.press(SLASH, 0)
    target.press(UP, 0)
    assert target.action[0] == pytest.approx(START[0] + FINE[0] + COARSE[0])


def test_the_jaw_closes_and_opens() -> None:
    target, found = Target(START, ACTIONS), []
    for _ in range(3):
        assert target.press(ENTER, 0)
        found.append(target.action[4])
    assert found == [0, 1, 0]


def test_waiting_takes_time_and_an_unknown_key_none() -> None:
    target = Target(START, ACTIONS)
    assert target.press(SPACE, 0)
    assert not target.press(ord("W"), 0)
    assert list(target.action) == list(START)


@pytest.mark.parametrize("key", [UP, DOWN, LEFT, RIGHT, PAGE_UP, PAGE_DOWN, COMMA, PERIOD])
def test_what_no_head_can_say_is_never_the_target(key: int) -> None:
    target = Target(START, ACTIONS)
    for _ in range(200):
        target.press(key, 0)
    assert np.all(target.action[:3] >= ACTIONS.low)
    assert np.all(target.action[:3] <= ACTIONS.high)
    assert -np.pi / 2 <= target.action[3] <= np.pi / 2


def test_the_help_of_the_command_names_every_key() -> None:
    told = (Teleop.__doc__ or "").lower()
    words = {",": "comma", ".": "period", "/": "slash", "down arrow": "down", "left arrow": "left"}  # arrows stand in one list
    assert [key.name for key in KEYS.values() if words.get(key.name, key.name.removesuffix(" arrow").lower()) not in told] == []
