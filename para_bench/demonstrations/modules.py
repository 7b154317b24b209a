"""Entry points (see `para_bench.provenance`) of the scripted expert: a task on a robot."""

from __future__ import annotations

from para_bench.robots import find_robot
from para_bench.tasks import find_task


def task_modules(task: str = "place", robot: str = "so101") -> tuple[str, ...]:
    """Modules and data files that decide what a task asks for and what a robot does."""
    arm = find_robot(robot)
    return (type(find_task(task)).__module__, type(arm).__module__, "para_bench.envs.env", *arm.assets)
