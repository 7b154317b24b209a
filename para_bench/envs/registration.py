"""The ids under which Gymnasium makes the environment: one a task."""

from __future__ import annotations

import gymnasium as gym
from gymnasium.envs.registration import EnvSpec

from para_bench.tasks import TASKS
from para_bench.types import ParaBenchError

ENV_ID = "para_bench/PickPlace-v0"
"""The task `place` under its first name."""
ENTRY_POINT = "para_bench.benchmarks.env:SplitEnv"
"""Imported by `gym.make` and not from here: splits stand above environments."""


def env_id(task: str) -> str:
    """Of a row of TASKS."""
    return f"para_bench/{task}-v0"


class PluginSpec(EnvSpec):
    """Of a task that another package adds: it is imported when it is made, or asked for its time limit, not when it is registered."""

    @property
    def max_episode_steps(self) -> int:  # type: ignore[override]
        return TASKS[self.name].max_steps

    @max_episode_steps.setter
    def max_episode_steps(self, _: int | None) -> None: ...


def register() -> None:
    """Make every task known to Gymnasium; once a process."""
    limits = {ENV_ID: ("place", TASKS["place"].max_steps)}
    limits |= {env_id(name): (name, task.max_steps) for name, task in TASKS.builtin.items()}
    for name, (task, steps) in limits.items():
        if name not in gym.registry:
            gym.register(name, ENTRY_POINT, max_episode_steps=steps, kwargs={"task": task})
    try:
        plugins = list(TASKS.plugins)
    except ParaBenchError:  # a clash of names, which every command reports; it takes no built-in task away
        return
    for name in plugins:
        if env_id(name) not in gym.registry:
            gym.registry[env_id(name)] = PluginSpec(env_id(name), ENTRY_POINT, kwargs={"task": name})
