"""A number as a distribution over bins: soft labels whose expectation is the number, and decoding by local expectation.

Two-hot labels (weight on the two nearest bin centres) keep a classification loss while losing no precision to the bin width;
Dabney-style projection as in distributional reinforcement learning (Bellemare et al. 2017, arXiv 1707.06887).
"""

from __future__ import annotations

import torch
from torch import Tensor


class Bins:
    """`count` bins over [low, high]; both ends of a `circular` range stand for the same value."""

    def __init__(self, count: int, low: float, high: float, circular: bool = False) -> None:
        self.count, self.low, self.high, self.circular = count, low, high, circular
        self.width = (high - low) / (count if circular else count - 1)

    def encode(self, values: Tensor) -> Tensor:
        """Two-hot labels (..., count) of values (...); values out of range take the nearest bin."""
        place = (values - self.low) / self.width
        if not self.circular:
            place = place.clamp(0, self.count - 1)
        left = place.floor()
        share = (place - left)[..., None]
        left = left.long() % self.count
        right = (left + 1) % self.count if self.circular else (left + 1).clamp(max=self.count - 1)
        labels = torch.zeros(*values.shape, self.count, device=values.device)
        labels.scatter_add_(-1, left[..., None], 1 - share)
        return labels.scatter_add_(-1, right[..., None], share)

    def decode(self, logits: Tensor, subcell: bool = True) -> Tensor:
        """Logits (..., count) to values (...): the likeliest bin, or the expectation over it and its two neighbours."""
        best = logits.argmax(-1, keepdim=True)
        if not subcell:
            return self.low + best[..., 0] * self.width
        offsets = torch.arange(-1, 2, device=logits.device)
        index = best + offsets
        inside = torch.ones_like(index, dtype=torch.bool) if self.circular else (index >= 0) & (index < self.count)
        near = logits.gather(-1, index % self.count).masked_fill(~inside, -torch.inf).softmax(-1)
        return self.low + (best[..., 0] + (near * offsets).sum(-1)) * self.width


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Soft-label cross-entropy over the last axis: (..., K), (..., K) -> (...)."""
    return -(labels * logits.log_softmax(-1)).sum(-1)
