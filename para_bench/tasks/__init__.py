"""TASKS: what there is to do, by name; one file each."""

from __future__ import annotations

from para_bench.plugins import Table
from para_bench.sim.base import Task
from para_bench.tasks.insert import Insert
from para_bench.tasks.place import Place
from para_bench.tasks.stack import Stack
from para_bench.tasks.wipe import Wipe

_TASKS: tuple[Task, ...] = (Place(), Stack(), Insert(), Wipe())
TASKS: Table[Task] = Table("task", {task.name: task for task in _TASKS})


def find_task(name: str) -> Task:
    """A task by name.

    Raises:
        ParaBenchError: unknown name.
    """
    return TASKS.find(name)
