"""Height, yaw and opening as distributions over bins, read from the feature at the place of each timestep."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from para_bench.heads.base import masked_mean
from para_bench.heads.parts.bins import Bins, cross_entropy
from para_bench.tensors import STATE_DIM
from para_bench.types import ActionSpec

HEIGHTS = 32
"""Bins over the workspace's height, as published for PARA."""


def bins_of(actions: ActionSpec) -> dict[str, Bins]:
    """Bins of height, yaw and opening, by the action's name."""
    return {
        "z": Bins(HEIGHTS, actions.low[2], actions.high[2]),
        "yaw": Bins(36, -np.pi / 2, np.pi / 2, circular=True),
        "opening": Bins(11, 0.0, 1.0),
    }


class BinReadout(nn.Module):
    """An MLP on the feature at a place; each timestep has a last layer of its own (as with one map of bins per timestep)."""

    def __init__(self, width: int, actions: ActionSpec, names: Sequence[str] = ("z", "yaw", "opening"), steps: int | None = None) -> None:
        """`steps` places, each with a last layer of its own; the spec's horizon if not given."""
        super().__init__()
        self.names, self.actions, self.bins = tuple(names), actions, bins_of(actions)
        steps = actions.horizon if steps is None else steps
        outputs = sum(self.bins[name].count for name in names)
        self.norm = nn.LayerNorm(width)
        self.feature, self.state = nn.Linear(width, 2 * width), nn.Linear(STATE_DIM, 2 * width)
        self.weight = nn.Parameter(torch.randn(steps, 2 * width, outputs) * (2 * width) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(steps, outputs))

    def forward(self, features: Tensor, state: Tensor) -> dict[str, Tensor]:
        """Features (B, T, width), state (B, STATE_DIM) -> logits (B, T, count) by name."""
        hidden = F.gelu(self.feature(self.norm(features)) + self.state(state)[:, None])
        logits = torch.einsum("bth,tho->bto", hidden, self.weight) + self.bias
        return dict(zip(self.names, logits.split([self.bins[name].count for name in self.names], dim=-1), strict=True))

    def losses(self, logits: dict[str, Tensor], actions: Tensor, valid: Tensor) -> dict[str, Tensor]:
        """Cross-entropy of each name against actions (B, T, 5), over the timesteps that are `valid` (B, T)."""
        labels = {name: self.bins[name].encode(actions[..., self.actions.names.index(name)]) for name in self.names}
        return {name: masked_mean(cross_entropy(logits[name], labels[name]), valid) for name in self.names}

    def decode(self, logits: dict[str, Tensor], subcell: bool) -> dict[str, np.ndarray]:
        """Values (T,) by name of the first row, float64."""
        return {name: self.bins[name].decode(logits[name], subcell)[0].double().cpu().numpy() for name in self.names}
