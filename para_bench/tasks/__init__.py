"""TASKS: what there is to do, by name; one file each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from para_bench.plugins import Rows, Table, named

if TYPE_CHECKING:  # naming the rows costs nothing
    from para_bench.sim.base import Task

BUILTIN = {
    "place": "para_bench.tasks.place:Place",
    "stack": "para_bench.tasks.stack:Stack",
    "insert": "para_bench.tasks.insert:Insert",
    "wipe": "para_bench.tasks.wipe:Wipe",
}
"""Ours by name, each imported when it is asked for."""
TASKS: Table[Task] = Table("task", Rows(BUILTIN, lambda task: task()), named)


def find_task(name: str) -> Task:
    """A task by name.

    Raises:
        ParaBenchError: unknown name.
    """
    return TASKS.find(name)
