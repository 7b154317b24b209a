"""Requests of clients of `para-bench serve` as observations for our policies, strictly checked, since the clients are not ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from para_bench.records.values import Check, WrongValueError, count, fields, number, shown, table
from para_bench.types import Camera, Observation, ParaBenchError

MOST_PX = 4096
_NO_CAMERA = Camera((0.0, 0.0, 1.0), (0.0, 1.0, 0.0, 0.0), 42.0)
"""For policies that are given no calibration."""


def observation_of(request: Any, image_size: int, sees: str) -> Observation:
    """An observation under the names of the preset `ours`, or of `ours_rgb` and `ours_depth`.

    Args:
        request: Decoded message.
        image_size: Side of the pictures that the policy takes [px].
        sees: What the policy is given, as in tables.

    Raises:
        ParaBenchError: a name is missing, or a value has the wrong type or shape.
    """
    needed = {
        "image": _array((image_size, image_size, 3), "u"),
        "gripper_pose": _array((7,), "f"),
        "gripper_yaw": _array((1,), "f"),
        "gripper_opening": _array((1,), "f"),
    }
    if "calibration" in sees:
        needed["camera"] = _camera
    if sees.startswith(("RGB-D", "depth")):
        needed["depth"] = _array((image_size, image_size), "f")
    try:
        found = fields(needed)(request)
    except WrongValueError as wrong:
        raise ParaBenchError(f"{wrong.where or 'the observation'} is {wrong.found}; allowed: {wrong.allowed}") from None
    camera = found.get("camera", _NO_CAMERA).resized(image_size)
    yaw, opening = float(found["gripper_yaw"][0]), float(found["gripper_opening"][0])
    return Observation(found["image"], found["gripper_pose"], yaw, opening, camera, found.get("depth"))


def episode_of(request: Any) -> tuple[int, int]:
    """Seed of the episode and number of looks before this one, where the client states them; (0, -1) where it does not.

    Raises:
        ParaBenchError: they are no such numbers.
    """
    given = request if isinstance(request, Mapping) else {}
    try:
        if "look_index" not in given:
            return 0, -1
        return count(2**31 - 1)(given.get("episode_seed", 0)), count()(given["look_index"])
    except WrongValueError as wrong:
        raise ParaBenchError(f"episode_seed or look_index is {wrong.found}; allowed: {wrong.allowed}") from None


def _array(shape: tuple[int, ...], kind: str) -> Check:
    """An array of this shape, of bytes (u) or of finite floats (f)."""

    def check(value: Any) -> np.ndarray:
        said = f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else shown(value)
        allowed = f"{'uint8' if kind == 'u' else 'floats'} {shape}"
        if not isinstance(value, np.ndarray) or value.shape != shape or value.dtype.kind != kind or (kind == "u" and value.itemsize != 1):
            raise WrongValueError(said, allowed)
        if kind == "f" and not np.isfinite(value).all():
            raise WrongValueError(f"{said}, not finite", allowed)
        return value

    return check


def _camera(value: Any) -> Camera:
    vector = {"position": _numbers(3), "quat_wxyz": _numbers(4)}
    found = fields({**vector, "fovy_deg": number(0), "width": count(MOST_PX, 1), "height": count(MOST_PX, 1)})(table(value))
    if abs(np.linalg.norm(found["quat_wxyz"]) - 1) > 1e-3:
        raise WrongValueError(shown(found["quat_wxyz"]), "a quaternion of length 1", "quat_wxyz")
    return Camera(**found)


def _numbers(length: int) -> Check:
    def check(value: Any) -> tuple[float, ...]:
        if not isinstance(value, list) or len(value) != length:
            raise WrongValueError(shown(value), f"{length} numbers")
        return tuple(number()(each) for each in value)

    return check
