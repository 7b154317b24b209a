"""What a waypoint is: its numbers, their units and the box that scales its position."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionSpec:
    """What a head predicts: gripper waypoints in a box. Every head gets it in its FeatureSpec and takes its output sizes from it."""

    low: tuple[float, float, float] = (0.04, -0.26, 0.0)
    high: tuple[float, float, float] = (0.36, 0.26, 0.16)
    """World box [m] that scales positions: the whole reachable table, never the range of the training set."""
    names: tuple[str, ...] = ("x", "y", "z", "yaw", "opening")
    """Names of the numbers of one waypoint, in order."""
    horizon: int = 12
    """T: timesteps that a head predicts (PARA's N_WINDOW)."""

    @property
    def dim(self) -> int:
        """Numbers of one waypoint."""
        return len(self.names)

    @property
    def text(self) -> str:
        """Frames, units and order of a waypoint; written into every checkpoint and demonstration file."""
        return ", ".join(f"{name} {unit}" for names, unit in _UNITS if (name := " ".join(n for n in names if n in self.names)))


_UNITS = (
    (("x", "y", "z"), "[m, world]"),
    (("yaw",), "[rad, world, modulo pi]"),
    (("opening",), "[0 closed, 1 open]"),
)
ACTIONS = ActionSpec()
"""The spec of all released tasks and of the arm SO-101."""
