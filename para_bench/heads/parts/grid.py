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
    return splat_cells((places * size - 0.5).flip(-1), (size, size))


def splat_cells(cells: Tensor, sizes: tuple[int, int]) -> Tensor:
    """The same for places counted in cells (..., 2): row and column, 0 at the centre of the first. Shape (..., *sizes)."""
    rows, columns = (
        (1 - (cells[..., axis : axis + 1].clamp(0, size - 1) - torch.arange(size, device=cells.device)).abs()).clamp(min=0)
        for axis, size in enumerate(sizes)
    )
    return rows[..., :, None] * columns[..., None, :]


def expectation(logits: Tensor) -> Tensor:
    """Mean place of heatmap logits (..., G, G), as shares of the image (..., 2)."""
    size = logits.shape[-1]
    weight = logits.flatten(-2).softmax(-1).unflatten(-1, (size, size))
    centres = (torch.arange(size, device=logits.device) + 0.5) / size
    return torch.stack([(weight.sum(-2) * centres).sum(-1), (weight.sum(-1) * centres).sum(-1)], dim=-1)


def peak(logits: Tensor, subcell: bool = True) -> Tensor:
    """Likeliest place of heatmap logits (..., G, G), as shares of the image (..., 2)."""
    cell = peak_cell(logits, 2, subcell)
    return (cell.flip(-1) + 0.5) / logits.shape[-1]


def peak_cell(logits: Tensor, axes: int, subcell: bool = True) -> Tensor:
    """Likeliest cell over the last `axes` axes, counted along each of them, 0 at the centre of the first. Shape (..., axes).

    `subcell` takes the expectation over the cells around the likeliest one (3 along each axis), which undoes `splat`.
    """
    sizes = logits.shape[-axes:]
    best = torch.stack(torch.unravel_index(logits.flatten(-axes).argmax(-1), sizes), dim=-1)
    if not subcell:
        return best.to(logits.dtype)
    step = torch.arange(-1, 2, device=logits.device)
    offsets = torch.cartesian_prod(*[step] * axes)
    padded = F.pad(logits, (1, 1) * axes, value=-torch.inf)
    index, stride = torch.zeros_like(best[..., :1]), 1
    for axis in reversed(range(axes)):
        index = index + (best[..., axis, None] + 1 + offsets[:, axis]) * stride
        stride *= padded.shape[axis - axes]
    weight = padded.flatten(-axes).gather(-1, index).softmax(-1)
    return best + weight @ offsets.to(weight.dtype)


def inside(places: Tensor) -> Tensor:
    """Whether places (..., 2) lie in the image. Bool (...)."""
    return ((places >= 0) & (places <= 1)).all(-1)
