"""Yaws relative to the camera: measured from its right-hand direction, seen from above."""

from __future__ import annotations

import torch
from torch import Tensor


def heading(pose: Tensor) -> Tensor:
    """Yaw in world of the x axes (B,) [rad] of cameras with world poses (B, 4, 4)."""
    return torch.atan2(pose[:, 1, 0], pose[:, 0, 0])


def turn(double: Tensor, yaw: Tensor) -> Tensor:
    """Add yaws (B,) to angles given as sine and cosine of their double (B, T, 2)."""
    sine, cosine = (2 * yaw).sin()[:, None], (2 * yaw).cos()[:, None]
    return torch.stack([double[..., 0] * cosine + double[..., 1] * sine, double[..., 1] * cosine - double[..., 0] * sine], dim=-1)
