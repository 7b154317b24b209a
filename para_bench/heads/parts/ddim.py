"""Noise schedule and DDIM sampling (Song et al. 2021, arXiv 2010.02502), as Diffusion Policy has them from `diffusers`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import torch
from torch import Tensor

Denoise = Callable[[Tensor, Tensor], Tensor]
"""Noisy values and step (1,) -> what the network predicts, shape as the values."""


def squared_cosine(steps: int) -> np.ndarray:
    """Share of signal power kept after each step (Nichol & Dhariwal 2021, equation 17), betas capped at 0.999. Shape (steps,)."""

    def signal(t: np.ndarray) -> np.ndarray:
        return np.cos((t + 0.008) / 1.008 * np.pi / 2) ** 2

    edges = signal(np.arange(steps + 1) / steps)
    return np.cumprod(1 - np.minimum(1 - edges[1:] / edges[:-1], 0.999))


def leading(train_steps: int, test_steps: int) -> np.ndarray:
    """Steps of a sampling, first to last, as the source's scheduler spaces them: 90, 80, ..., 0 for 10 of 100."""
    return np.arange(test_steps)[::-1] * (train_steps // test_steps)


def spread(train_steps: int, test_steps: int) -> np.ndarray:
    """Steps of a sampling as in suite version 1: 99, 88, ..., 0 for 10 of 100."""
    return np.linspace(train_steps - 1, 0, test_steps).round().astype(int)


def sample(
    denoise: Denoise, x: Tensor, kept: Tensor, steps: np.ndarray, target: Literal["noise", "sample"], noise_of_clipped: bool
) -> Tensor:
    """Values from noise `x`, without further noise (eta 0); the estimate is clipped to [-1, 1] at every step.

    Args:
        denoise: The network under its condition.
        x: Standard normal numbers, any shape.
        kept: Share of signal power after each training step.
        steps: Training steps to visit, descending to 0.
        target: What the network predicts.
        noise_of_clipped: Whether the noise is computed from the clipped estimate (suite version 1) or from the network's own one (the
            source, `use_clipped_model_output=False`).
    """
    for step, following in zip(steps, [*steps[1:], -1], strict=True):
        share, left = kept[step], kept[following] if following >= 0 else torch.ones_like(kept[step])
        found = denoise(x, torch.tensor([step], device=x.device))
        raw = (x - (1 - share).sqrt() * found) / share.sqrt() if target == "noise" else found
        clean = raw.clamp(-1, 1)
        if target == "noise" and not noise_of_clipped:
            noise = found
        else:
            noise = (x - share.sqrt() * (clean if noise_of_clipped else raw)) / (1 - share).sqrt()
        x = left.sqrt() * clean + (1 - left).sqrt() * noise
    return x
