"""Entry points (see `para_bench.provenance`) of the scripted expert: a task on a robot."""

from __future__ import annotations

from para_bench.robots import ROBOTS, find_robot
from para_bench.tasks import TASKS, find_task


def task_modules(task: str = "place", robot: str = "so101") -> tuple[str, ...]:
    """Modules and data files that decide what a task asks for and what a robot does.

    Of a package's row both count: the module that its entry point names, which may make it, and the one that defines its class.
    """
    arm = find_robot(robot)
    named = [table.plugins[name].module for table, name in ((TASKS, task), (ROBOTS, robot)) if name in table.plugins]
    return (type(find_task(task)).__module__, type(arm).__module__, "para_bench.envs.env", *arm.assets, *named)
