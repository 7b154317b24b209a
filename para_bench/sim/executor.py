"""Gripper waypoints in, joint targets out: the one executor that runs every policy and the expert."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from para_bench.geometry import wrap_yaw
from para_bench.sim.base import BadActionError, Knot

if TYPE_CHECKING:
    from para_bench.sim.simulation import Simulation

KNOT_S = 0.02
"""Time between two joint targets [s]; the straight line between two waypoints is cut into such knots."""
WAYPOINT_S = 0.24
"""Time that one waypoint takes [s], more where the speed limit asks for it."""
MAX_SPEED = 0.25
"""Speed limit of the commanded gripper [m/s]."""
MAX_TURN = 4.0
"""Speed limit of the commanded yaw [rad/s]."""


class Executor:
    """Drives one simulation."""

    def __init__(self, simulation: Simulation, command: np.ndarray | None = None) -> None:
        """`command`: where the gripper was last told to be (5,); None for the scene's home with an open jaw."""
        self._simulation = simulation
        self._command = np.array([*simulation.scene.home, 1.0]) if command is None else command.copy()

    @property
    def command(self) -> np.ndarray:
        """Where the next line starts (5,)."""
        return self._command.copy()

    def execute(self, action: np.ndarray) -> list[Knot]:
        """Drive the gripper straight to one waypoint (5,) and return what happened at every knot on the way.

        The whole line is checked first, so an unreachable waypoint moves nothing.

        Raises:
            BadActionError: nan, infinity or a wrong shape.
            UnreachableError: a point of the line is out of the arm's reach.
        """
        simulation, robot = self._simulation, self._simulation.robot
        action = np.asarray(action, float)
        if action.shape != (robot.actions.dim,) or not np.isfinite(action).all():
            raise BadActionError(f"action is {action.tolist()}; allowed: {robot.actions.dim} finite numbers")
        start, opening = self._command, float(np.clip(action[4], 0, 1))
        turn = float(wrap_yaw(action[3] - start[3]))
        length = np.linalg.norm(action[:3] - start[:3])
        seconds = max(WAYPOINT_S, length / MAX_SPEED, abs(turn) / MAX_TURN)
        count = int(np.ceil(seconds / KNOT_S - 1e-9))
        part = np.arange(1, count + 1)[:, None] / count
        yaws = start[3] + part[:, 0] * turn
        targets = robot.solve(start[:3] + part * (action[:3] - start[:3]), yaws, float(simulation.commanded_joints[-1]))
        self._command = np.array([*action[:3], start[3] + turn, opening])
        knots = []
        for joints in targets:
            simulation.drive(joints, opening, KNOT_S)
            knots.append(simulation.knot())
        return knots
