"""Entry points (see `para_bench.provenance`) of the scripted expert: a task on a robot."""

from __future__ import annotations

TASK, ROBOT = "place", "so101"
"""The only rows there are."""


def task_modules(task: str = TASK, robot: str = ROBOT) -> tuple[str, ...]:
    """Modules and data files that decide what a task asks for and what a robot does."""
    return (
        "para_bench.tasks.oracle",
        "para_bench.tasks.success",
        "para_bench.robots.so101",
        "para_bench.envs.env",
        "assets/arm.xml",
    )
