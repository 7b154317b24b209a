"""ROBOTS: the arms, by name; one file each."""

from __future__ import annotations

from para_bench.plugins import Table
from para_bench.robots.so101 import SO101
from para_bench.sim.base import Robot

_ROBOTS: tuple[Robot, ...] = (SO101(),)
ROBOTS: Table[Robot] = Table("robot", {robot.name: robot for robot in _ROBOTS})


def find_robot(name: str) -> Robot:
    """A robot by name.

    Raises:
        ParaBenchError: unknown name.
    """
    return ROBOTS.find(name)
