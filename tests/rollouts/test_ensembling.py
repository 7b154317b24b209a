"""Overlapping chunks are averaged as their source does it, in the order of time, and nothing else changes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from para_bench.heads.act import ACT
from para_bench.rollouts.ensembling import Ensemble
from para_bench.rollouts.policy import LearnedPolicy
from para_bench.types import ACTIONS, ActionChunk, Rules

DECAY = 0.01


def chunk(x: float, yaw: float = 0.0, opening: float = 1.0) -> ActionChunk:
    """Waypoint j of a chunk at x is x + j / 1000."""
    actions = np.tile([x, 0.0, 0.05, yaw, opening], (ACTIONS.horizon, 1))
    actions[:, 0] += np.arange(ACTIONS.horizon) / 1000
    return ActionChunk(actions)


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_a_waypoint_is_the_weighted_mean_of_all_chunks_that_reach_it(steps: int) -> None:
    ensemble, chunks = Ensemble(DECAY), [chunk(0.1 + 0.01 * i, opening=0.2 * i) for i in range(4)]
    for index, each in enumerate(chunks):
        merged = ensemble.merged(each, steps * index).actions
    reaching = [i for i in range(4) if steps * (3 - i) < ACTIONS.horizon]
    weights = np.exp(-DECAY * np.arange(len(reaching)))  # the oldest has the largest
    first = [chunks[i].actions[steps * (3 - i)] for i in reaching]
    np.testing.assert_allclose(merged[0, [0, 4]], np.average(first, axis=0, weights=weights)[[0, 4]], atol=1e-6)  # float32
    np.testing.assert_array_equal(merged[-1], chunks[-1].actions[-1])  # no other chunk reaches so far


def test_chunks_that_do_not_overlap_are_handed_on_as_they_are() -> None:
    ensemble = Ensemble(DECAY)
    for index in range(3):
        each = chunk(0.1 + index / 7)
        assert ensemble.merged(each, ACTIONS.horizon * index) is each


def test_yaws_are_averaged_modulo_half_a_turn() -> None:
    ensemble = Ensemble(0.0)
    ensemble.merged(chunk(0.2, yaw=1.5), 0)
    merged = ensemble.merged(chunk(0.2, yaw=-1.5), 1).actions[0, 3]  # 0.14 rad from the other, across half a turn
    assert abs(abs(merged) - np.pi / 2) < 1e-3


class Constant:
    """A head whose chunks move on."""

    sees = "RGB"

    def __init__(self, ensemble: float | None) -> None:
        self.ensemble, self.count = ensemble, 0

    def eval(self) -> Constant:
        return self

    def parameters(self):
        return iter([torch.zeros(1)])

    def predict(self, *_: object) -> ActionChunk:
        self.count += 1
        return chunk(0.1 * self.count)


@pytest.mark.parametrize(
    ("decay", "rules", "averaged"),
    [(DECAY, Rules(ensembles=True), True), (DECAY, Rules(), False), (None, Rules(ensembles=True), False)],
)
def test_a_policy_ensembles_where_its_head_is_defined_with_it_and_the_suite_version_has_it(
    decay: float | None, rules: Rules, averaged: bool
) -> None:
    policy = LearnedPolicy(lambda images: None, Constant(decay))  # type: ignore[arg-type]
    seen = SimpleNamespace(image=np.zeros((4, 4, 3), np.uint8))
    env = SimpleNamespace(steps=0, image_size=4, scene=SimpleNamespace(rules=rules))
    for episode in range(2):  # nothing is carried over from one episode to the next
        policy.head.count, env.steps = 0, 0
        policy.begin(env, np.random.default_rng(episode))  # type: ignore[arg-type]
        first = policy.act(seen).actions  # type: ignore[arg-type]
        np.testing.assert_array_equal(first, chunk(0.1).actions)
        env.steps = 1
        second = policy.act(seen).actions  # type: ignore[arg-type]
        assert bool(abs(second[0, 0] - 0.2) > 0.01) is averaged


def test_act_is_the_head_that_is_defined_with_it() -> None:
    assert ACT.ensemble == DECAY
