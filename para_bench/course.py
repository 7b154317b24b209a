"""How an episode goes, whoever the policy is: the rules that the simulator keeps, and what happens to the object."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    """Of a suite version; the first one's by default."""

    clamps: bool = False
    """A waypoint out of reach is driven as far along its line as the arm reaches, and counted; else it ends the episode."""
    ensembles: bool = False
    """Overlapping chunks of a head that is defined with temporal ensembling (ACT) are averaged; else the newest one is executed."""
    one_instant: bool = False
    """State and picture are those of the joint positions; else both lag them by one physics step, 2 ms (0.13 mm of the gripper's way)."""


FIRST_RULES = Rules()
"""Of suite version 1."""


@dataclass(frozen=True)
class Disturbance:
    """The object is moved or turned on the table, at once."""

    step: int
    """Waypoints executed before it."""
    xy: tuple[float, float]
    """Where the object's centre is then, world [m]."""
    yaw: float
    """Its rotation about world z then [rad]."""
