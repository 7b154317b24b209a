"""Gripper waypoints in, joint targets out: the one executor that runs every policy and the expert."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from para_bench.geometry import length, wrap_yaw
from para_bench.sim.base import BadActionError, Knot, Robot, UnreachableError

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


FAR_M = 1.0
"""Farther than any two points that a table-top arm reaches [m]."""
HALVINGS = 12
"""Bisections of the stretch between two knots in which the arm's reach ends: 5 mm to 1 um."""


class Executor:
    """Drives one simulation."""

    def __init__(self, simulation: Simulation, command: np.ndarray | None = None, clamped: int = 0) -> None:
        """`command`: the last gripper command (5,), None for the scene's home with an open jaw; `clamped`: as the attribute."""
        self._simulation = simulation
        self._command = np.array([*simulation.scene.home, 1.0]) if command is None else command.copy()
        self.clamped = clamped
        """Waypoints so far whose line left the arm's reach, in scenes whose rules then drive as far as the arm reaches."""

    @property
    def command(self) -> np.ndarray:
        """Where the next line starts (5,)."""
        return self._command.copy()

    def execute(self, action: np.ndarray) -> list[Knot]:
        """Drive the gripper straight to one waypoint (5,) and return what happened at every knot on the way.

        Where the line leaves the arm's reach, the scene's rules decide: the gripper is driven up to there, with yaw and opening as
        commanded, or nothing moves and UnreachableError is raised.

        Raises:
            BadActionError: nan, infinity or a wrong shape.
            UnreachableError: a point of the line is out of the arm's reach.
        """
        simulation, robot = self._simulation, self._simulation.robot
        action = np.asarray(action, float)
        if action.shape != (robot.actions.dim,) or not np.isfinite(action).all():
            raise BadActionError(f"action is {action.tolist()}; allowed: {robot.actions.dim} finite numbers")
        end, told, targets = self._way(action)
        self._command = told[-1].copy()
        self._command[:3] = end  # to the last bit
        self.clamped += not np.array_equal(end, action[:3])
        knots = []
        for joints in targets:
            simulation.drive(joints, float(told[-1, 4]), KNOT_S)
            knots.append(simulation.knot())
        return knots

    def _way(self, action: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where the line to a waypoint (5,) ends (3,), the gripper commands on it (K, 5), and their joint angles (K, joints)."""
        robot, start, end = self._simulation.robot, self._command, action[:3]
        roll, clamps = float(self._simulation.commanded_joints[-1]), self._simulation.scene.rules.clamps
        if not clamps or length(end - start[:3]) <= FAR_M:
            told = line(start, action)
            try:
                return end, told, robot.solve(told[:, :3], told[:, 3], roll)
            except UnreachableError:
                if not clamps:
                    raise
        end = reach_along(robot, start[:3], end, float(wrap_yaw(action[3] - start[3])))
        told = line(start, np.array([*end, *action[3:]]))
        return end, told, robot.solve(told[:, :3], told[:, 3], roll)


def line(start: np.ndarray, action: np.ndarray) -> np.ndarray:
    """Gripper commands at every knot of the straight line from the last command to one waypoint, both (5,).

    Returns:
        (K, 5) as ActionSpec: the opening is that of the waypoint from the first knot on, and yaw is not wrapped.
    """
    turn = float(wrap_yaw(action[3] - start[3]))
    part = knots_of(start[:3], action[:3], turn)
    opening = np.full((len(part), 1), float(np.clip(action[4], 0, 1)))
    return np.concatenate([start[:3] + part * (action[:3] - start[:3]), start[3] + part * turn, opening], axis=1)


def knots_of(start: np.ndarray, end: np.ndarray, turn: float) -> np.ndarray:
    """Where on the line from `start` to `end` (3,) [m] the knots lie, as shares up to 1, shape (K, 1); `turn`: of the jaw [rad]."""
    distance = np.linalg.norm(end - start)
    seconds = max(WAYPOINT_S, distance / MAX_SPEED, abs(turn) / MAX_TURN)
    count = int(np.ceil(seconds / KNOT_S - 1e-9))
    return np.arange(1, count + 1)[:, None] / count


def reach_along(robot: Robot, start: np.ndarray, end: np.ndarray, turn: float) -> np.ndarray:
    """The farthest point (3,) [m] up to which the arm reaches all of the line from `start`, which is in reach, to `end`; `end` at best."""
    distance = length(end - start)
    if distance > FAR_M:
        end = start + FAR_M / distance * (end - start)
    while True:
        part = knots_of(start, end, turn)
        inside = robot.reachable(start + part * (end - start))
        if inside.all():
            return end
        first = int(np.argmin(inside))
        low, high = (float(part[first - 1, 0]) if first else 0.0), float(part[first, 0])
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if robot.reachable((start + middle * (end - start))[None])[0] else (low, middle)
        end = start + low * (end - start)
