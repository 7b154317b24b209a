"""One episode: until success, failure or the limit, in chunks of as many waypoints as were asked for, and why it ended."""

from __future__ import annotations

import json
import math
from dataclasses import asdict

import numpy as np
import pytest

from para_bench.envs.env import TaskEnv
from para_bench.envs.scenes import expert_waypoints
from para_bench.rollouts.references import Noop, Oracle
from para_bench.rollouts.rollout import rollout
from para_bench.sim.base import Knot
from para_bench.tasks.parts import pick_and_place
from para_bench.tasks.parts.progress import PickAndPlaceProgress
from para_bench.types import ACTIONS, ActionChunk, Observation, ParaBenchError, Scene

HOME = np.array([0.18, 0.0, 0.1, 0.0, 1.0])
"""A waypoint that every scene can reach."""


class Acts:
    """Repeats one waypoint, and another from a given look on; an error is raised instead."""

    looks = sees_depth = False

    def __init__(self, first: np.ndarray, then: object = None, after: int = 10**9) -> None:
        self.first, self.then, self.after, self.asked = first, then, after, 0
        self.drawn: list[float] = []

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        self.drawn.append(float(rng.uniform()))

    def act(self, observation: Observation | None) -> ActionChunk:
        self.asked += 1
        if self.asked <= self.after:
            return ActionChunk(np.tile(self.first, (ACTIONS.horizon, 1)))
        if isinstance(self.then, Exception):
            raise self.then
        return ActionChunk(np.tile(np.asarray(self.then), (ACTIONS.horizon, 1)))


def test_the_expert_succeeds_and_the_episode_ends_there(env: TaskEnv, scene: Scene) -> None:
    outcome = rollout(env, scene, Oracle(), 0)
    assert (outcome.reason, outcome.success_once, outcome.success_at_end) == ("success", True, True)
    assert outcome.steps <= len(expert_waypoints(scene)) < env.task.max_steps
    assert outcome.grasp_error_m is not None
    assert outcome.grasp_error_m < 0.005
    assert outcome.extra["success_s"] <= outcome.sim_seconds


def test_numpy_s_truths_of_a_task_s_own_rule_can_be_recorded(env: TaskEnv, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    class Rule(PickAndPlaceProgress):
        def update(self, knot: Knot) -> None:
            super().update(knot)
            self.success, self.strict, self.success_once = map(np.bool_, (self.success, self.strict, self.success_once))  # pyright: ignore

    monkeypatch.setattr(pick_and_place, "PickAndPlaceProgress", Rule)
    assert json.loads(json.dumps(asdict(rollout(env, scene, Oracle(), 0))))["strict_success"] is True


def test_an_episode_without_an_end_stops_at_the_task_s_limit(env: TaskEnv, scene: Scene) -> None:
    outcome = rollout(env, scene, Noop(), 0)
    assert (outcome.steps, outcome.reason, outcome.stage) == (env.task.max_steps, "never_closed", "none")
    assert (outcome.success_at_end, outcome.grasp_error_m) == (False, None)


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        (np.array([2.0, 0, 0.1, 0, 1]), "unreachable"),
        (np.array([np.nan, 0, 0.1, 0, 1]), "bad_action"),
        (ZeroDivisionError(), "crash_ZeroDivisionError"),
    ],
)
def test_what_cannot_be_carried_out_ends_the_episode_with_its_reason(then: object, reason: str, env: TaskEnv, scene: Scene) -> None:
    """After the waypoints before it, which stay on record."""
    outcome = rollout(env, scene, Acts(HOME, then, after=2), 0, replan_steps=3)
    assert (outcome.reason, outcome.steps, outcome.success_at_end) == (reason, 6, False)


@pytest.mark.parametrize("replan_steps", [1, 5, ACTIONS.horizon])
def test_so_many_waypoints_are_executed_of_each_chunk(replan_steps: int, env: TaskEnv, scene: Scene) -> None:
    policy, seen = Acts(HOME), list[int]()
    outcome = rollout(env, scene, policy, 0, watch=lambda _, observation, chunk, index: seen.append(index), replan_steps=replan_steps)
    assert policy.asked == math.ceil(env.task.max_steps / replan_steps)
    assert seen == [step % replan_steps for step in range(outcome.steps)]
    assert outcome.steps == env.task.max_steps  # not a whole chunk further


@pytest.mark.parametrize("replan_steps", [-1, 0, ACTIONS.horizon + 1])
def test_more_is_not_executed_than_is_predicted(replan_steps: int, env: TaskEnv, scene: Scene) -> None:
    policy = Acts(HOME)
    with pytest.raises(ParaBenchError, match=f"^replan_steps is {replan_steps}; allowed: 1 to {ACTIONS.horizon}$"):
        rollout(env, scene, policy, 0, replan_steps=replan_steps)
    assert policy.drawn == []  # nothing was begun


def test_an_image_is_drawn_for_those_who_look_and_the_seed_is_the_policy_s(env: TaskEnv, scene: Scene) -> None:
    policy, seen = Acts(HOME, ZeroDivisionError(), after=1), list[Observation | None]()
    for seed, looks in ((7, False), (7, True), (8, True)):
        policy.looks, policy.asked = looks, 0
        rollout(env, scene, policy, seed, watch=lambda _, observation, chunk, index: seen.append(observation))
    assert policy.drawn[0] == policy.drawn[1] != policy.drawn[2]
    blind, looking = seen[: ACTIONS.horizon], seen[ACTIONS.horizon :]
    assert set(blind) == {None}
    assert all(each is not None and each.image.shape == (64, 64, 3) and each.depth is None for each in looking)
