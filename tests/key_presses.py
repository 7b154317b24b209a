"""A person at the keyboard, for tests: presses keys towards the expert's waypoints."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from para_bench.demonstrations import keys as k
from para_bench.envs.scenes import expert_waypoints
from para_bench.geometry import wrap_yaw
from para_bench.sim.base import Knot
from para_bench.sim.simulation import Simulation

AHEAD = {180.0: (-1.0, 0.0), 90.0: (0.0, 1.0)}
"""Where a window that looks in this direction has "away from you", by hand."""


class Person:
    """A screen that answers with key presses; it sees the scene when that is opened and nothing of the loop."""

    def __init__(self, first: Sequence[int] = (), azimuth_deg: float = 180.0, gives_up: bool = False) -> None:
        """`first`: pressed before anything else, one a look; `gives_up`: quits after half of the first scene."""
        self.azimuth_deg, self._first, self._gives_up = azimuth_deg, list(first), gives_up
        self.opened: list[str] = []
        self.shown: list[Knot] = []
        self._plan: list[list[int]] = []

    def open(self, simulation: Simulation, texts: Sequence[tuple[str, str]]) -> None:
        self.opened.append(simulation.scene.hash)
        self._plan = list(self._presses(simulation))
        if self._gives_up:
            self._plan = [*self._plan[: len(self._plan) // 2], [k.ESCAPE]]

    def pressed(self) -> list[int] | None:
        if self._first:
            return [self._first.pop(0)]
        return self._plan.pop(0) if self._plan else [k.SPACE]

    def play(self, knots: Sequence[Knot]) -> None:
        self.shown += knots

    def _presses(self, simulation: Simulation) -> Sequence[list[int]]:
        """For each of the expert's waypoints the presses, in fine steps, that come nearest to it."""
        metres, radians = k.FINE
        at, open_jaw, batches = np.array(simulation.scene.home), True, [[k.SLASH]]
        ahead = np.array(AHEAD[self.azimuth_deg])
        left = np.array([-ahead[1], ahead[0]])
        for goal in expert_waypoints(simulation.scene):
            way = goal[:2] - at[:2]
            counts = np.round([way @ ahead / metres, way @ left / metres, (goal[2] - at[2]) / metres, wrap_yaw(goal[3] - at[3]) / radians])
            at[:2] += metres * (counts[0] * ahead + counts[1] * left)
            at[2:] += counts[2:] * [metres, radians]
            pairs = ((k.UP, k.DOWN), (k.LEFT, k.RIGHT), (k.PAGE_UP, k.PAGE_DOWN), (k.COMMA, k.PERIOD))
            batch = [pair[int(n < 0)] for pair, n in zip(pairs, counts, strict=True) for _ in range(abs(int(n)))]
            if (goal[4] > 0.5) != open_jaw:
                open_jaw = not open_jaw
                batch.append(k.ENTER)
            batches.append(batch or [k.SPACE])
        return batches
