"""Does a feature find the same surface point again? Nearest neighbours between two pictures, against the simulator's truth."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from para_bench.backbones.base import Backbone
from para_bench.pretraining.correspondence import Pair
from para_bench.tensors import Features

GRID = 56
"""Side of the map in which a match is looked for, that of PARA's heatmaps: matches are exact to half a cell, 2 px of 224."""
NEAR = 1 / 28
"""A match so far off is near, as a share of the image's side: a cell of the finest map of the default backbone."""


class Matches(NamedTuple):
    """What became of the points of a pair."""

    error_px: np.ndarray
    """Distance between the match and the truth. Shape (N,) [px]."""
    hits: np.ndarray
    """Whether the match's cell shows the object. Shape (N,), bool."""


@torch.inference_mode()
def descriptors(backbone: Backbone, image: np.ndarray) -> Tensor:
    """A unit vector for each cell, every level with an equal share of it. Shape (D, GRID, GRID)."""
    tensor = torch.from_numpy(image.copy()).to(backbone.mean.device).permute(2, 0, 1)[None].float() / 255
    found: Features = backbone(tensor)
    levels = [F.interpolate(F.group_norm(level.float(), 1), size=GRID, mode="bilinear", align_corners=False) for level in found.maps]
    return F.normalize(torch.cat([F.normalize(level[0], dim=0) for level in levels]), dim=0)


def match(pair: Pair, first: Tensor, second: Tensor) -> Matches:
    """The cell of the `second` picture's descriptors whose cosine with the point's own is largest."""
    size = len(pair.first.image)
    places = torch.from_numpy(2 * pair.pixels[0] / size - 1).to(first)
    wanted = F.normalize(F.grid_sample(first[None], places[None, None], align_corners=False)[0, :, 0], dim=0)  # (D, N)
    cell = (wanted.T @ second.flatten(1)).argmax(1).cpu().numpy()
    return _judged(pair, (np.stack([cell % GRID, cell // GRID], axis=1) + 0.5) * size / GRID)


def same_place(pair: Pair) -> Matches:
    """Matches of a reference without features: the point is where it was."""
    return _judged(pair, pair.pixels[0])


def _judged(pair: Pair, found: np.ndarray) -> Matches:
    size = len(pair.first.image)
    step = size // GRID
    shown = (pair.second.geom == "object")[: GRID * step, : GRID * step].reshape(GRID, step, GRID, step).any((1, 3))
    columns, rows = np.minimum(found * GRID / size, GRID - 1).astype(int).T
    return Matches(np.linalg.norm(found - pair.pixels[1], axis=1), shown[rows, columns])


def principal_colours(maps: list[Tensor]) -> list[np.ndarray]:
    """The three principal components of the first map's cells as red, green and blue, the same axes and ranges for all maps.

    Returns:
        Pictures (GRID, GRID, 3), uint8.
    """
    flat = maps[0].flatten(1).T.double()
    middle = flat.mean(0)
    axes = torch.linalg.svd(flat - middle, full_matrices=False).Vh[:3]
    axes = axes * axes.sum(1, keepdim=True).sign()  # else the sign of an axis is the library's choice
    low, high = ((flat - middle) @ axes.T).quantile(torch.tensor([0.02, 0.98], dtype=flat.dtype, device=flat.device), dim=0)
    found = []
    for each in maps:
        shares = (((each.flatten(1).T.double() - middle) @ axes.T - low) / (high - low)).clamp(0, 1)
        found.append((255 * shares).round().to(torch.uint8).reshape(GRID, GRID, 3).cpu().numpy())
    return found
