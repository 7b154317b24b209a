"""The expert's motion for every task that picks a thing and puts it somewhere, run by the executor that runs policies."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np

from para_bench.geometry import wrap_yaw
from para_bench.sim.base import Robot, UnreachableError
from para_bench.types import Prop

TRAVEL_Z = 0.07
"""Height of the gripper on its way between places [m]; no higher, since the wrist's limit then tilts the tool."""


JUMP_RAD = 1.8
"""A joint that moves so far between two waypoints jumps: half a turn is 3.1, and the most that the long way round asks for is 1.0."""

Home = tuple[float, float, float, float]
"""The gripper at the start: x y z [m, world], yaw [rad]."""


class Leg(NamedTuple):
    """A straight path, slow at both ends."""

    end: np.ndarray
    """World (3,) [m]."""
    opening: float
    """Opening of the jaw on the way, in [0, 1]."""
    steps: int
    """Waypoints."""
    yaw: float | None = None
    """Yaw to which the jaw turns on the way [rad, modulo pi]; None where it does not turn."""


def grasp_pose(thing: Prop) -> tuple[np.ndarray, float]:
    """Where the jaw closes around a thing on the table: world position (3,) [m] and yaw [rad], across its narrow side."""
    x, y, z = thing.half_size
    yaw = thing.yaw + (0.0 if x <= y else np.pi / 2)
    return np.array([*thing.xy, z]), float(wrap_yaw(yaw))


def pick_and_place(
    thing: Prop,
    place: np.ndarray,
    travel_z: float = TRAVEL_Z,
    leave_z: float | None = None,
    place_yaw: float | None = None,
) -> tuple[Leg, ...]:
    """Grasp a thing, carry it at `travel_z` [m], let it go with the gripper at `place` (3,) [m, world], go up to `leave_z` [m].

    `place_yaw`: that of the jaw there [rad, modulo pi]; None where the thing is not turned.
    """
    grasp, yaw = grasp_pose(thing)
    above_object, above_target = np.array([*grasp[:2], travel_z]), np.array([*place[:2], travel_z])
    end = np.array([*place[:2], travel_z if leave_z is None else leave_z])
    return (
        Leg(above_object, 1, 5, yaw),
        Leg(grasp, 1, 3),
        Leg(grasp, 0, 2),
        Leg(above_object, 0, 3),
        Leg(above_target, 0, 6, place_yaw),
        Leg(place, 0, 3),
        Leg(place, 1, 2),
        Leg(end, 1, 3),
        Leg(end, 1, 2),
    )


def steady_walk(home: Home, legs: tuple[Leg, ...], robot: Robot) -> np.ndarray:
    """`walk`, with the jaw turning the long way round on legs where a joint would else reach its limit and jump by half a turn.

    The jaw turns the short way on all legs where no choice avoids jumps, or where the arm does not reach.
    """
    turning = [index for index, leg in enumerate(legs) if leg.yaw is not None]
    for ways in itertools.product((False, True), repeat=len(turning)):
        actions = walk(home, legs, frozenset(index for index, far in zip(turning, ways, strict=True) if far))
        if not turns_over(home, actions, robot):
            return actions
    return walk(home, legs)


def turns_over(home: Home, actions: np.ndarray, robot: Robot) -> bool:
    """Whether a joint jumps on the way from `home` through the waypoints (N, 5), or the arm does not reach them."""
    try:
        joints = robot.solve(np.concatenate([[home[:3]], actions[:, :3]]), np.concatenate([[home[3]], actions[:, 3]]))
    except UnreachableError:
        return True
    return bool(np.abs(np.diff(joints, axis=0)).max() > JUMP_RAD)


def walk(home: Home, legs: tuple[Leg, ...], far: frozenset[int] = frozenset()) -> np.ndarray:
    """Leg after leg from `home`; on the legs of index `far` the jaw turns the long way round.

    Returns:
        Waypoints (N, 5) as ActionSpec.
    """
    actions, position, yaw = [], np.array(home[:3]), home[3]
    for index, leg in enumerate(legs):
        turn = 0.0 if leg.yaw is None else float(wrap_yaw(leg.yaw - yaw))
        if index in far:
            turn -= np.copysign(np.pi, turn)
        for part in np.arange(1, leg.steps + 1) / leg.steps:
            point = position + _ease(part) * (leg.end - position)
            actions.append([*point, float(wrap_yaw(yaw + _ease(part) * turn)), leg.opening])
        position, yaw = leg.end, yaw + turn
    return np.array(actions)


def _ease(part: float) -> float:
    """Slow at both ends: the servos' lag is gone where it matters."""
    return 0.5 * part + 0.5 * part * part * (3 - 2 * part)
