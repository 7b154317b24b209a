"""ROBOTS: the arms, by name; one file each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from para_bench.plugins import Rows, Table, named

if TYPE_CHECKING:  # naming the rows costs nothing
    from para_bench.sim.base import Robot

BUILTIN = {"so101": "para_bench.robots.so101:SO101"}
"""Ours by name, each imported when it is asked for."""
ROBOTS: Table[Robot] = Table("robot", Rows(BUILTIN, lambda robot: robot()), named)


def find_robot(name: str) -> Robot:
    """A robot by name.

    Raises:
        ParaBenchError: unknown name.
    """
    return ROBOTS.find(name)
