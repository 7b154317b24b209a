"""`so101`: an arm whose kinematics have a closed form: five joints are exactly x, y, z, "pointing down" and yaw.

Joint anchors, axes and limits are SO-101's (assets/SOURCES.md); `arm.xml` holds the same numbers and a test compares both.
"""

from __future__ import annotations

import math
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from para_bench.sim.base import Robot, UnreachableError
from para_bench.types import ACTIONS

if TYPE_CHECKING:  # what an arm is and reaches needs no simulator
    import mujoco

JOINTS = ("shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll")
LIMITS = np.radians([[-110, 110], [-100, 100], [-96.8, 96.8], [-95, 95], [-157.2, 162.8]])
"""Joint ranges [rad], shape (5, 2)."""
FINGER_TRAVEL = 0.029
"""Travel of each finger from closed to open [m]."""

_PAN = np.array([0.0388, 0.0])
_SHOULDER = np.array([0.0304, 0.1166])  # in the arm's plane: distance from the pan axis, height
_UPPER = np.array([0.0280, 0.1126])
_LOWER = np.array([0.1349, 0.0052])
_HAND = 0.1593  # wrist_flex axis to tool centre point
_SIDE = -0.0002  # the tool centre point's offset from the pan axis, across the arm's plane
_PITCHES = np.radians(np.concatenate([[90.0], *[[90 - d, 90 + d] for d in np.arange(0.5, 20.5, 0.5)], np.arange(69.5, -10, -0.5)]))
"""Downward pitches to try [rad], vertical first: the tool tilts only where it must."""


def solve(positions: np.ndarray, yaws: np.ndarray, roll_near: float = 0.0) -> np.ndarray:
    """Inverse kinematics. World positions (N, 3) [m] and jaw yaws (N,) [rad, modulo pi] -> joint angles (N, 5) [rad].

    The tool points straight down where it can and tilts as little as needed where it cannot. Of the two rolls
    that a symmetric jaw allows, the one nearer to the one before (to `roll_near` [rad] for the first) is taken.

    Raises:
        UnreachableError: no pitch from vertical to level reaches one of the points.
    """
    positions = np.asarray(positions, float)
    azimuth, bent, feasible = _bend(positions, _PITCHES[:1])
    joints, best = np.empty((len(positions), 5)), np.zeros(len(positions), int)
    joints[:, 0], joints[:, 1:4] = -azimuth, bent[:, :, 0].T
    if not feasible.all():  # somewhere the tool has to tilt
        tilted = np.flatnonzero(~feasible[:, 0])
        _, bent, feasible = _bend(positions[tilted], _PITCHES)
        found = feasible.any(axis=1)
        if not found.all():
            x, y, z = np.round(positions[tilted[np.argmin(found)]], 3)
            raise UnreachableError(
                f"gripper target x={x} y={y} z={z} m is out of the arm's reach; allowed: about 0.1 to 0.3 m from the base, z < 0.25"
            )
        best[tilted] = np.argmax(feasible, axis=1)
        joints[tilted, 1:4] = bent[:, np.arange(len(tilted)), best[tilted]].T
    for i, turn in enumerate(np.asarray(yaws, float) - azimuth - np.pi / 2):
        joints[i, 4] = roll_near = _roll(float(turn), float(_PITCHES[best[i]]), roll_near)
    return joints


def reachable(positions: np.ndarray) -> np.ndarray:
    """Whether `solve` finds joint angles for each world position (N, 3) [m]. Bool (N,)."""
    found = upright(positions)
    if not found.all():
        found[~found] = _bend(np.asarray(positions, float)[~found], _PITCHES[1:])[2].any(axis=1)
    return found


def upright(positions: np.ndarray) -> np.ndarray:
    """Whether `solve` points the tool straight down at each world position (N, 3) [m]. Bool (N,)."""
    return np.asarray(_bend(positions, _PITCHES[:1])[2].any(axis=1))


def _bend(positions: np.ndarray, pitches: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Azimuth (N,), the three bending joints (3, N, P) for each of the P `pitches`, and which of those are within limits (N, P)."""
    positions = np.asarray(positions, float)
    offset = positions[:, :2] - _PAN
    radius = np.sqrt(np.maximum((offset**2).sum(axis=1) - _SIDE**2, 0.0))
    azimuth = np.arctan2(offset[:, 1], offset[:, 0]) - np.arctan2(_SIDE, radius)
    azimuth = (azimuth + np.pi) % (2 * np.pi) - np.pi
    wrist_r = radius[:, None] - _HAND * np.cos(pitches) - _SHOULDER[0]
    wrist_z = positions[:, 2:] + _HAND * np.sin(pitches) - _SHOULDER[1]
    upper, lower = np.hypot(*_UPPER), np.hypot(*_LOWER)
    span = np.hypot(wrist_r, wrist_z)
    with np.errstate(invalid="ignore"):
        at_shoulder = np.arccos((upper**2 + span**2 - lower**2) / (2 * upper * span))
        at_elbow = np.arccos((upper**2 + lower**2 - span**2) / (2 * upper * lower))
    upper_angle = np.arctan2(wrist_z, wrist_r) + at_shoulder  # elbow up
    lift = np.arctan2(_UPPER[1], _UPPER[0]) - upper_angle
    elbow = np.arctan2(_LOWER[1], _LOWER[0]) - (upper_angle + at_elbow - np.pi) - lift
    bent = np.stack([lift, elbow, pitches - lift - elbow])
    low, high = LIMITS[1:4, 0, None, None], LIMITS[1:4, 1, None, None]
    feasible = np.all((bent >= low) & (bent <= high), axis=0)  # nan compares false
    return azimuth, bent, feasible & ((-azimuth >= LIMITS[0, 0]) & (-azimuth <= LIMITS[0, 1]))[:, None]


def _roll(turn: float, pitch: float, near: float) -> float:
    """Roll [rad] that turns the jaw's horizontal direction by `turn` from straight across the arm, modulo pi."""
    roll = math.atan2(math.sin(turn), math.cos(turn) * max(math.sin(pitch), 0.2))
    options = [roll + k * math.pi for k in range(-2, 3)]
    return min((r for r in options if LIMITS[4, 0] <= r <= LIMITS[4, 1]), key=lambda r: abs(r - near))


class SO101(Robot):
    """An arm of the SO-101 class with a symmetric jaw."""

    name = "so101"
    home = (0.18, 0.0, 0.10, 0.0)
    actions = ACTIONS
    jaw_width = 2 * FINGER_TRAVEL
    finger_travel = FINGER_TRAVEL
    joints = JOINTS
    fingers = ("finger_left", "finger_right")
    gripper_site = "gripper"
    rgb = (0.93, 0.76, 0.18)
    assets = ("assets/arm.xml",)

    def mount(self) -> mujoco.MjSpec:
        import mujoco

        return mujoco.MjSpec.from_string(resources.files("para_bench").joinpath(*self.assets).read_text())

    def solve(self, positions: np.ndarray, yaws: np.ndarray, roll_near: float = 0.0) -> np.ndarray:
        return solve(positions, yaws, roll_near)

    def reachable(self, positions: np.ndarray) -> np.ndarray:
        return reachable(positions)

    def upright(self, positions: np.ndarray) -> np.ndarray:
        return upright(positions)
