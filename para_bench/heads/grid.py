"""Places in an image on a grid of cells: sampling features there, spreading a place over its cells, and reading one back."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def sample(maps: Tensor, places: Tensor) -> Tensor:
    """Bilinear features at places. Maps (B, D, H, W), places (B, N, 2) as shares of the image -> (B, N, D)."""
    read = F.grid_sample(maps, 2 * places[:, :, None] - 1, padding_mode="border", align_corners=False)
    return read[..., 0].transpose(1, 2)


def splat(places: Tensor, size: int) -> Tensor:
    """Spread each place over the four nearest cells so that their expectation is the place. (..., 2) -> (..., size, size).

    Places outside the outermost cell centres take the border cells.
    """
    cell = (places * size - 0.5).clamp(0, size - 1)
    centres = torch.arange(size, device=places.device)
    along_u = (1 - (cell[..., 0:1] - centres).abs()).clamp(min=0)
    along_v = (1 - (cell[..., 1:2] - centres).abs()).clamp(min=0)
    return along_v[..., :, None] * along_u[..., None, :]


def peak(logits: Tensor, subcell: bool = True) -> Tensor:
    """Likeliest place of heatmap logits (..., G, G), as shares of the image (..., 2).

    `subcell` takes the expectation over the 3 x 3 cells around the likeliest one, which undoes `splat`.
    """
    size = logits.shape[-1]
    best = logits.flatten(-2).argmax(-1)
    row, column = best // size, best % size
    if not subcell:
        return torch.stack([column + 0.5, row + 0.5], dim=-1) / size
    padded = F.pad(logits, (1, 1, 1, 1), value=-torch.inf).flatten(-2)
    dv, du = torch.meshgrid(torch.arange(3, device=logits.device), torch.arange(3, device=logits.device), indexing="ij")
    index = (row[..., None] + dv.flatten()) * (size + 2) + column[..., None] + du.flatten()
    weight = padded.gather(-1, index).softmax(-1)
    u = column + 0.5 + (weight * (du.flatten() - 1)).sum(-1)
    v = row + 0.5 + (weight * (dv.flatten() - 1)).sum(-1)
    return torch.stack([u, v], dim=-1) / size


def inside(places: Tensor) -> Tensor:
    """Whether places (..., 2) lie in the image. Bool (...)."""
    return ((places >= 0) & (places <= 1)).all(-1)
