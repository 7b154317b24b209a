"""A policy in Python that does not import this package: `module:factory`, plain dict in, array of actions out; or one of lerobot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from para_bench.plugins import Plugin
from para_bench.remote.actions import chunk, waypoints
from para_bench.remote.keys import find_keys, from_text
from para_bench.remote.looks import Look, sees, told
from para_bench.remote.outside import Outside
from para_bench.types import ActionChunk, Observation, ParaBenchError

if TYPE_CHECKING:
    from para_bench.envs.env import TaskEnv

KEYS_OF = {"RGB": "ours_rgb", "RGB + calibration": "ours", "RGB-D + calibration": "ours_depth"}
"""Preset of a policy by its attribute `sees`, for policies without a keys file."""


class LocalPolicy:
    """Calls the result of `factory()` with every look, and its `reset(seed)`, where it has one, before every episode.

    An error of its code is the policy's failure, with a reason in the record, as for a head.
    """

    looks = True

    def __init__(self, outside: Outside, replan_steps: int) -> None:
        """Raises ParaBenchError: it cannot be imported or made, cannot be called, or has changed since the run began."""
        given = from_text(outside.keys) if outside.keys else None
        self.said, self.facts = "", dict[str, Any]()
        if outside.of_lerobot:
            from para_bench.remote.lerobot import PREFIX, LeRobotPolicy  # needs lerobot

            self._policy: Any = LeRobotPolicy(outside.address.removeprefix(PREFIX), replan_steps, given)
            self.keys, self.said, self.facts = self._policy.policy_keys, self._policy.said, self._policy.facts
            if outside.metadata not in ("", self.said):
                raise ParaBenchError(f"policy {outside.address} is another than when this run began; allowed: the same files")
        else:
            self._policy, said = _made(outside.address)
            self.keys = given or find_keys(KEYS_OF[said])
        version = getattr(self._policy, "policy_version", "")
        self.version = version[:120] if isinstance(version, str) and version and outside.once else outside.version
        self.sees, self.sees_depth = sees(self.keys.observation), self.keys.needs_depth
        self._replan_steps = replan_steps

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        self._task, self._seed, self._index = env.task_description, int(rng.integers(2**31)), 0
        if callable(reset := getattr(self._policy, "reset", None)):
            reset(self._seed)

    def act(self, observation: Observation | None) -> ActionChunk:
        """Raises BadAnswerError for what is no chunk of actions; the executor refuses numbers that are not finite."""
        assert observation is not None
        look = Look(observation, self._task, self._seed, self._index, self.keys.approach)
        answer = self._policy(told(self.keys.observation, look))
        self._index += 1
        rows = waypoints(answer, self.keys.action, observation, self.keys.approach, finite=False)
        return ActionChunk(chunk(rows, self._replan_steps))

    def close(self) -> None:
        """Does nothing: no connection is open."""


def _made(address: str) -> tuple[Any, str]:
    """The policy that a factory returns, and its attribute `sees`."""
    plugin = Plugin("policy", address, address)
    make = plugin.load()
    if not callable(make):
        raise ParaBenchError(f"{plugin} is a {type(make).__name__}; allowed: a function without arguments that makes a policy")
    policy = plugin.fence("making it", make)
    if not callable(policy):
        raise ParaBenchError(f"{plugin} makes a {type(policy).__name__}; allowed: what is called with a look")
    said = getattr(policy, "sees", "RGB")
    if not isinstance(said, str) or said not in KEYS_OF:
        raise ParaBenchError(f"{plugin} says that it sees {said!r}; allowed: {', '.join(KEYS_OF)}")
    return policy, said
