"""Labels of the affordance head from windows, and its fixed motion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from para_bench.heads.affordance import NEAR_M, PICK, PLACE, TRAVEL_Z, Affordance, interaction, motion
from para_bench.heads.base import HeadConfig
from para_bench.types import ACTIONS, FeatureSpec

SPEC = FeatureSpec("toy@01234567", 224, (6,), (28,))


def jaw(batch, now: float, told: list[float], valid: int):
    """One window with this opening, these commands and so many valid timesteps."""
    state, actions = batch.state[:1].clone(), batch.actions[:1].clone()
    state[:, 5] = 2 * now - 1
    actions[0, :, 4] = torch.tensor(told + [told[-1]] * (12 - len(told)))
    return replace(batch, state=state, actions=actions, valid=(torch.arange(12) < valid)[None])


@pytest.mark.parametrize(
    ("now", "told", "valid", "expected"),
    [
        (1.0, [1, 1, 0, 0, 1], 12, (2, True)),  # closes: pick
        (0.43, [0, 0, 0, 1, 1, 0], 12, (3, True)),  # holds the object, opens: place
        (0.43, [1], 12, (0, True)),
        (1.0, [1], 12, (0, False)),  # stays open: nothing left to pick
        (0.0, [0], 12, (0, False)),  # opens after the window
        (1.0, [1, 1, 0], 2, (0, False)),  # the change lies past the end
    ],
)
def test_the_label_is_the_first_change_of_the_jaw(pyramid_case, now, told, valid, expected) -> None:
    timestep, found = interaction(jaw(pyramid_case.batch, now, told, valid))
    assert bool(found) is expected[1]
    assert not found or int(timestep) == expected[0]


@pytest.mark.parametrize("phase", [PICK, PLACE])
def test_the_motion_acts_at_its_place_and_continues_from_anywhere(phase: int) -> None:
    """Six waypoints, then a new look from where they led, as rollouts do: the jaw changes exactly at the goal, then goes up."""
    start, goal, path = np.array([0.18, 0.0, 0.03, 0.1]), np.array([0.22, -0.1, 0.02, 1.2]), []
    for _ in range(4):
        chunk = motion(start, goal, phase, ACTIONS.horizon)
        assert chunk.shape == (12, 5)
        for row in chunk[:6]:
            path.append(row)
        start = chunk[5, :4]
        if (np.array(path)[:, 4] == (phase == PLACE)).any():
            break
    path = np.array(path)
    first = int(np.argmax(path[:, 4] == (phase == PLACE)))
    np.testing.assert_allclose(path[first, :4], goal, atol=1e-9)
    low = path[:first, 2] < TRAVEL_Z - 1e-9
    moved = np.linalg.norm(path[:first, :2] - goal[:2], axis=1) > NEAR_M
    away = np.linalg.norm(path[:first, :2] - [0.18, 0.0], axis=1) > NEAR_M
    assert not (low & moved & away).any()  # nothing is crossed below the travel height
    assert len(path) <= 24


def test_it_learns_where(make_case) -> None:
    """100 steps on two windows: the heatmap of each phase peaks where the jaw changes."""
    case = make_case(SPEC, count=4)
    torch.manual_seed(0)  # any seed
    head = Affordance(SPEC, HeadConfig(width=16))
    optimiser = torch.optim.AdamW(head.parameters(), lr=1e-2)
    for _ in range(100):
        optimiser.zero_grad()
        head.loss(case.features, case.batch)[0].backward()
        optimiser.step()
    timestep, found = interaction(case.batch)
    assert found.all()
    for index, observation in enumerate(case.observations):
        chunk = head.eval().predict(case.one(index), observation, torch.Generator())
        assert chunk.heatmaps is not None
        row, column = np.unravel_index(chunk.heatmaps[0].argmax(), (28, 28))
        expected = case.batch.action_pixels[index, timestep[index]].numpy() * 28 - 0.5
        assert np.abs(np.array([column, row]) - expected).max() < 1  # cells


def test_a_window_that_never_changes_the_jaw_teaches_only_that_nothing_is_there(make_case) -> None:
    case = make_case(SPEC, count=1)
    head = Affordance(SPEC, HeadConfig(width=16))
    head.loss(case.features, jaw(case.batch, 0.0, [0], 12))[0].backward()
    assert all(value.grad is None or not value.grad.any() for value in head.parameters())
    head.loss(case.features, jaw(case.batch, 1.0, [1], 12))[0].backward()
    assert head.nothing.bias.grad[PICK] < 0  # more of it
    assert head.readout.bias.grad is None or not head.readout.bias.grad.any()
