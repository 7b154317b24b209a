"""REFERENCES: policies that learn nothing and bound every table: the expert, one that stays, one that moves at random, and one that goes
by colour alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import Region
from para_bench.envs.scenes import expert_waypoints
from para_bench.rollouts.threshold import Threshold
from para_bench.types import ACTIONS, ActionChunk, Observation

if TYPE_CHECKING:  # the protocol alone, whose module loads torch
    from para_bench.rollouts.policy import Policy


class Oracle:
    """The scripted expert, which knows the scene and what will happen in it."""

    looks = sees_depth = False

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        self._env, self._waypoints = env, expert_waypoints(env.scene)

    def act(self, observation: Observation | None) -> ActionChunk:
        index = np.minimum(self._env.steps + np.arange(ACTIONS.horizon), len(self._waypoints) - 1)
        return ActionChunk(self._waypoints[index])


class Noop:
    """Stays where it is."""

    looks = sees_depth = False

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        self._home = np.array([*env.scene.home, 1.0])

    def act(self, observation: Observation | None) -> ActionChunk:
        return ActionChunk(np.tile(self._home, (ACTIONS.horizon, 1)))


class Random:
    """Uniform waypoints over the region where objects may stand, at the heights of the task, opening and closing at random."""

    looks = sees_depth = False

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        self._rng = rng

    def act(self, observation: Observation | None) -> ActionChunk:
        region = Region()
        low, high = [*region.low, 0.016, -np.pi / 2, 0], [*region.high, 0.075, np.pi / 2, 1]
        actions = self._rng.uniform(low, high, (ACTIONS.horizon, 5))
        actions[:, 4] = actions[:, 4].round()
        return ActionChunk(actions)


REFERENCES: dict[str, Callable[[], Policy]] = {"oracle": Oracle, "noop": Noop, "random": Random, "threshold": Threshold}
"""Rows of tables, in order; a version of the suite names its own."""
