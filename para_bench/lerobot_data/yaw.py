"""A symmetric jaw's yaw as two numbers that do not jump where the yaw wraps, as our own heads regress it."""

from __future__ import annotations

import numpy as np

from para_bench.geometry import wrap_yaw


def double_yaw(yaw: np.ndarray | float) -> np.ndarray:
    """Sine and cosine of twice a yaw (...) [rad]. Shape (..., 2)."""
    double = 2 * np.asarray(yaw, float)
    return np.stack([np.sin(double), np.cos(double)], axis=-1)


def yaw_of_double(sines: np.ndarray) -> np.ndarray:
    """Yaw (...) [rad] in [-pi/2, pi/2) of such pairs (..., 2), which need not have length 1."""
    return wrap_yaw(np.arctan2(sines[..., 0], sines[..., 1]) / 2)
