"""What an episode is, whatever the policy: the rules that the simulator keeps, and what disturbs the object."""

from __future__ import annotations

from dataclasses import dataclass

from para_bench import quantities


@dataclass(frozen=True)
class Rules:
    """Rules of a suite version; the defaults are those of version 1."""

    clamps: bool = False
    """The arm drives towards a waypoint out of reach as far as it can, and the waypoint is counted; else the episode ends there."""
    ensembles: bool = False
    """Overlapping chunks of a head that is defined with temporal ensembling (ACT) are averaged; else the newest chunk is executed."""
    one_instant: bool = False
    """State and picture show the present joint positions; else both are one physics step, 2 ms, late (0.13 mm of gripper motion)."""


FIRST_RULES = Rules()
"""The rules of suite version 1."""


@dataclass(frozen=True)
class Disturbance:
    """The object is moved or turned on the table, at once."""

    step: int
    """Waypoints executed before it."""
    xy: tuple[float, float]
    """Where the object's centre is then, world [m]."""
    yaw: float
    """Its rotation about world z then [rad]."""

    def __post_init__(self) -> None:
        quantities.number("disturbance step", self.step, 1)
        quantities.numbers("disturbance xy", self.xy, 2)
        quantities.number("disturbance yaw", self.yaw)
