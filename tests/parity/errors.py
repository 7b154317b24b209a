"""How far predicted chunks lie from the demonstrated ones: one piece of code for both sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from para_bench.geometry import wrap_yaw
from para_bench.tensors import decode_actions
from para_bench.types import ACTIONS
from parity.dump import Dump


@dataclass(frozen=True)
class Errors:
    """Means over the timesteps of all windows that lie before their demonstration's end."""

    position_cm: float
    """Distance of the waypoints."""
    yaw_deg: float
    """Angle between the jaws, modulo half a turn."""
    opening_accuracy: float
    """Share of timesteps whose jaw is on the demonstrated side of half open."""


def action_errors(predicted: np.ndarray, found: Dump) -> Errors:
    """Errors of encoded chunks (N, T, 6), one a frame of `found`."""
    actual, valid = chunks(found)
    if predicted.shape != (*actual.shape[:2], found.action.shape[1]) or not np.isfinite(predicted).all():
        raise ValueError(f"chunks have shape {predicted.shape}; allowed: {(*actual.shape[:2], found.action.shape[1])}, all finite")
    difference = decode_actions(predicted) - actual
    sides = (decode_actions(predicted)[..., 4] > 0.5) == (actual[..., 4] > 0.5)
    return Errors(
        position_cm=100 * float(np.linalg.norm(difference[..., :3], axis=-1)[valid].mean()),
        yaw_deg=float(np.degrees(np.abs(wrap_yaw(difference[..., 3]))[valid].mean())),
        opening_accuracy=float(sides[valid].mean()),
    )


def chunks(found: Dump) -> tuple[np.ndarray, np.ndarray]:
    """The T waypoints from each frame on (N, T, 5), and which lie before the demonstration's end (N, T)."""
    wanted = np.arange(len(found))[:, None] + np.arange(ACTIONS.horizon)
    last = np.searchsorted(found.episode, found.episode, side="right")[:, None] - 1
    return found.waypoint[np.minimum(wanted, last)], wanted <= last
