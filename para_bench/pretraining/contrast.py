"""Dense contrastive learning: a surface point is told from all others of its picture by its features alone, from any view.

Source: InfoNCE (van den Oord et al. 2018, arXiv 1807.03748, equation 4) over pixels that correspond, as in dense object nets
(Florence et al. 2018, arXiv 1806.08756), whose non-matches are drawn here from the matches of other points.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from para_bench.tensors import Features

TEMPERATURE = 0.1
TOO_NEAR = 1 / 28
"""Points so near to the true one (share of the image's side) count as neither wrong nor right."""


def at_points(features: Features, places: Tensor) -> Tensor:
    """Unit vectors at places (B, N, 2) that are shares of the image: every level has an equal share. Shape (B, N, D)."""
    parts = []
    for level in features.maps:
        read = F.grid_sample(F.group_norm(level.float(), 1), 2 * places[:, :, None] - 1, align_corners=False)[..., 0]
        parts.append(F.normalize(read, dim=1))
    return F.normalize(torch.cat(parts, dim=1), dim=1).transpose(1, 2)


def contrast(first: Sequence[Tensor], second: Sequence[Tensor], places: Sequence[Tensor]) -> tuple[Tensor, float]:
    """Loss, and the share of points whose own match has the most similar descriptor in the second picture.

    Args:
        first, second: For each pair, descriptors (N, D) of its points in either picture.
        places: For each pair, where they are in the second picture, as shares of the image. Shape (N, 2).
    """
    losses, right, count = [], 0, 0
    for one, other, where in zip(first, second, places, strict=True):
        itself = torch.eye(len(one), dtype=torch.bool, device=one.device)
        near = (torch.cdist(where, where) < TOO_NEAR) & ~itself
        alike = (one @ other.T / TEMPERATURE).masked_fill(near, -torch.inf)
        target = torch.arange(len(one), device=one.device)
        losses += [F.cross_entropy(alike, target), F.cross_entropy(alike.T, target)]
        right += int((alike.argmax(1) == target).sum())
        count += len(one)
    return torch.stack(losses).mean(), right / max(1, count)
