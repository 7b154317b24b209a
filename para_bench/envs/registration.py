"""The ids under which Gymnasium makes the environment: one a task and a suite version. `-v1` is suite version 2, `-v0` the first."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from gymnasium.envs.registration import EnvSpec, registry

from para_bench.tasks import TASKS
from para_bench.types import ParaBenchError

ENV_ID = "para_bench/PickPlace-v0"
"""The first id of the task `place`."""
ARGUMENTS: dict[int, dict[str, Any]] = {0: {}, 1: {"split": "id", "suite_version": 2}}
"""Version of an id -> arguments of SplitEnv beside the task; those of `gym.make` replace them."""
ENTRY_POINT = "para_bench.benchmarks.env:SplitEnv"
"""Imported by `gym.make`, not here: `benchmarks` imports `envs`, not the reverse."""


def env_id(task: str, version: int = max(ARGUMENTS)) -> str:
    """Gymnasium id of a row of TASKS."""
    return f"para_bench/{task}-v{version}"


class TaskSpec(EnvSpec):
    """Spec of a task. The task is imported when it is made or its time limit is read, not when it is registered."""

    @property
    def max_episode_steps(self) -> int:  # type: ignore[override]
        return TASKS["place" if self.id == ENV_ID else self.name].max_steps

    @max_episode_steps.setter
    def max_episode_steps(self, _: int | None) -> None: ...


def register() -> None:
    """Make every task known to Gymnasium; once a process."""
    tasks = list(TASKS.builtin)
    with suppress(ParaBenchError):  # a clash of names, which every command reports; it takes no built-in task away
        tasks += TASKS.plugins
    specs = {ENV_ID: {"task": "place"}}
    specs |= {env_id(task, version): {"task": task, **arguments} for task in tasks for version, arguments in ARGUMENTS.items()}
    for name, arguments in specs.items():
        if name not in registry:
            registry[name] = TaskSpec(name, ENTRY_POINT, kwargs=arguments)
