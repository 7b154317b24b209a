"""A policy's own actions as waypoints: absolute or delta, with the frame, rotation and gripper polarity that a keys file states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from para_bench.geometry import jaw_yaw
from para_bench.lerobot_data.yaw import yaw_of_double
from para_bench.remote.failures import BadAnswerError
from para_bench.remote.looks import gripper_rotation
from para_bench.types import ACTIONS, Observation

KINDS, FRAMES, ROTATIONS = ("absolute", "delta"), ("world", "gripper"), ("yaw", "axis_angle", "euler_xyz", "quaternion", "double_yaw")
IGNORED = "-"
"""Name of a column that is not read."""
_COLUMNS = {"yaw": ("yaw",), **dict.fromkeys(("axis_angle", "euler_xyz"), ("rx", "ry", "rz"))}
_COLUMNS |= {"quaternion": ("qw", "qx", "qy", "qz"), "double_yaw": ("sin_2yaw", "cos_2yaw")}
MOST_WAYPOINTS = 10_000


@dataclass(frozen=True)
class ActionKeys:
    """What the numbers of an action mean."""

    key: str = "actions"
    """Key of the actions in the answer; a bare array needs none."""
    kind: str = "absolute"
    """absolute: each row is a target. delta: each row is added to the target of the row before, the first row to the gripper's pose."""
    frame: str = "world"
    """Frame of deltas: world, or the gripper's at the time of the look."""
    columns: tuple[str, ...] = ACTIONS.names
    """x y z; then yaw, or rx ry rz, or qw qx qy qz, or sin_2yaw cos_2yaw; opening; and `-` for a number that is not read."""
    rotation: str = "yaw"
    """What the columns of the rotation are: axis_angle and euler_xyz [rad]; Euler angles about the fixed axes x, y, z in this order."""
    metres: float = 1.0
    """Metres of 1.0 in x y z."""
    radians: float = 1.0
    """Radians of 1.0 in the rotation, except for quaternions."""
    open: float = 1.0
    """Value of `opening` for a fully open jaw."""
    closed: float = 0.0
    """Value for a closed jaw; values between are interpolated, values beyond are clipped."""

    @property
    def rotation_columns(self) -> tuple[str, ...]:
        """Names that `columns` must have for its rotation."""
        return _COLUMNS[self.rotation]


def waypoints(answer: Any, keys: ActionKeys, seen: Observation, approach: str = "x", finite: bool = True) -> np.ndarray:
    """The policy's chunk as waypoints. Shape (n, 5) of ActionSpec, float64.

    Of a rotation only the yaw counts, since the arm has five joints: the closing axis about world z, or of a delta its part about z.

    Args:
        answer: An array (n, columns) or (columns,), or an object that has it under its key.
        keys: What its numbers are.
        seen: The look that it answers.
        approach: See `looks.APPROACHES`.
        finite: Whether NaN and infinity are refused here.

    Raises:
        BadAnswerError: the answer is no such array.
    """
    rows = _rows(answer, keys, finite)
    column = {name: rows[:, index] for index, name in enumerate(keys.columns)}
    xyz = keys.metres * np.stack([column[name] for name in "xyz"], 1)
    opening = np.clip((column["opening"] - keys.closed) / (keys.open - keys.closed), 0, 1)
    if keys.kind == "absolute":
        return np.column_stack([xyz, _yaw(column, keys), opening])
    turned = _turns(column, keys).as_rotvec()
    if keys.frame == "gripper":
        rotation = gripper_rotation(seen, approach)
        xyz = rotation.apply(xyz)
        turned = turned if keys.rotation == "yaw" else rotation.apply(turned)
    position = seen.gripper_pose[:3] + np.cumsum(xyz, 0)
    return np.column_stack([position, seen.gripper_yaw + np.cumsum(turned[:, 2]), opening])


def chunk(rows: np.ndarray, replan_steps: int) -> np.ndarray:
    """Waypoints (n, 5) as a chunk of T; those beyond n repeat the last and are never executed.

    Raises:
        BadAnswerError: fewer waypoints than are executed before the next look.
    """
    if len(rows) < replan_steps:
        raise BadAnswerError(f"a chunk of {len(rows)} actions; allowed: {replan_steps} or more, or --replan-steps {len(rows)}")
    return rows[np.minimum(np.arange(ACTIONS.horizon), len(rows) - 1)]


def _rows(answer: Any, keys: ActionKeys, finite: bool) -> np.ndarray:
    found = answer
    if isinstance(answer, dict):
        if keys.key not in answer:
            raise BadAnswerError(f"an object with {', '.join(map(str, answer))[:100] or 'nothing'}; allowed: one with {keys.key}")
        found = answer[keys.key]
    try:
        rows = np.asarray(found)
    except ValueError:
        rows = np.array(None)
    if rows.dtype.kind not in "fiu":
        raise BadAnswerError(f"actions that are a {type(found).__name__} of dtype {rows.dtype}; allowed: an array of numbers")
    rows = rows[None] if rows.ndim == 1 else rows
    if rows.ndim != 2 or rows.shape[1] != len(keys.columns) or not 1 <= len(rows) <= MOST_WAYPOINTS:
        allowed = f"(n, {len(keys.columns)}), the columns {' '.join(keys.columns)}"
        raise BadAnswerError(f"actions of shape {np.shape(found)}; allowed: {allowed}")
    rows = rows.astype(float)
    if finite and not np.isfinite(rows).all():
        raise BadAnswerError("actions that are not finite; allowed: finite numbers")
    return rows


def _yaw(column: dict[str, np.ndarray], keys: ActionKeys) -> np.ndarray:
    """Yaw of absolute rotations (n,): the direction of the closing axis."""
    if keys.rotation == "yaw":
        return keys.radians * column["yaw"]
    if keys.rotation == "double_yaw":
        return yaw_of_double(np.stack([column[name] for name in keys.rotation_columns], 1))
    return np.array([jaw_yaw(matrix) for matrix in _turns(column, keys).as_matrix()])


def _turns(column: dict[str, np.ndarray], keys: ActionKeys) -> Rotation:
    turns = np.stack([column[name] for name in keys.rotation_columns], 1)
    if keys.rotation == "quaternion":
        if not (np.linalg.norm(turns, axis=1) > 1e-6).all():
            raise BadAnswerError("a quaternion of length 0; allowed: unit quaternions")
        return Rotation.from_quat(turns[:, [1, 2, 3, 0]])
    turns = keys.radians * turns
    if keys.rotation == "yaw":
        return Rotation.from_rotvec(turns * [0, 0, 1])
    return Rotation.from_rotvec(turns) if keys.rotation == "axis_angle" else Rotation.from_euler("xyz", turns)
