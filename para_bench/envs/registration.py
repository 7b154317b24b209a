"""The ids under which Gymnasium makes the environment: one a task."""

from __future__ import annotations

from contextlib import suppress

from gymnasium.envs.registration import EnvSpec, registry

from para_bench.tasks import TASKS
from para_bench.types import ParaBenchError

ENV_ID = "para_bench/PickPlace-v0"
"""The first id of the task `place`."""
ENTRY_POINT = "para_bench.benchmarks.env:SplitEnv"
"""Imported by `gym.make`, not here: `benchmarks` imports `envs`, not the reverse."""


def env_id(task: str) -> str:
    """Gymnasium id of a row of TASKS."""
    return f"para_bench/{task}-v0"


class TaskSpec(EnvSpec):
    """Spec of a task. The task is imported when it is made or its time limit is read, not when it is registered."""

    @property
    def max_episode_steps(self) -> int:  # type: ignore[override]
        return TASKS["place" if self.id == ENV_ID else self.name].max_steps

    @max_episode_steps.setter
    def max_episode_steps(self, _: int | None) -> None: ...


def register() -> None:
    """Make every task known to Gymnasium; once a process."""
    tasks = {ENV_ID: "place"} | {env_id(name): name for name in TASKS.builtin}
    with suppress(ParaBenchError):  # a clash of names, which every command reports; it takes no built-in task away
        tasks |= {env_id(name): name for name in TASKS.plugins}
    for name, task in tasks.items():
        if name not in registry:
            registry[name] = TaskSpec(name, ENTRY_POINT, kwargs={"task": task})
