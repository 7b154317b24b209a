"""A moment of an episode, to go back to: in the same environment, in another one, or in another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from para_bench.sim.base import Progress
from para_bench.types import Scene


@dataclass(frozen=True)
class EnvState:
    """All that decides how the episode goes on, and the scenes that later resets draw. Can be pickled."""

    scene: Scene
    steps: int
    physics: Any
    """`Simulation.copy_of_data`: with the poses that are drawn and seen, which are those of one physics step before."""
    command: np.ndarray
    """Where the executor's next line starts (5,)."""
    clamped: int
    """Waypoints that were driven as far as the arm reaches."""
    disturbed: bool | None
    """As TaskEnv.disturbed."""
    past: tuple[np.ndarray, ...]
    """Joint positions (nq,) before each waypoint, in scenes whose policy sees them late."""
    progress: Progress
    rng: dict[str, Any]
    """State of `np_random`."""
