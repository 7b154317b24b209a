"""Orthographic views of a point cloud over the workspace: which nearest point each cell shows."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from para_bench.heads import workspace

_FINE = 1000
"""Parts of a cell that tell nearer from farther: 13 um."""


@dataclass(frozen=True)
class View:
    name: str
    plane: tuple[int, int]
    """World axes of its rows and columns."""
    along: int
    """World axis of its sight; it looks against it, so that the largest coordinate is in front."""

    @property
    def sizes(self) -> tuple[int, int]:
        """Rows and columns."""
        return workspace.SIZES[self.plane[0]], workspace.SIZES[self.plane[1]]


VIEWS = (View("top", (0, 1), 2), View("front", (1, 2), 0), View("side", (0, 2), 1))


def draw(view: View, points: Tensor, known: Tensor, values: Tensor) -> Tensor:
    """What the view shows of the points in the workspace; cells without one are 0.

    Args:
        view: Whose cells.
        points: World (B, N, 3) [m].
        known: Points that exist (B, N).
        values: What each point carries (B, N, D).

    Returns:
        Shape (B, D, *view.sizes).
    """
    place = workspace.cells(points)
    cell = place.round().long()
    sizes = cell.new_tensor(workspace.SIZES)
    known = known & ((cell >= -1) & (cell <= sizes)).all(-1)  # a table top at z = 0 lies on the border of its cell
    cell = torch.minimum(cell.clamp(min=0), sizes - 1)
    flat = torch.where(known, cell[..., view.plane[0]] * view.sizes[1] + cell[..., view.plane[1]], 0)
    count = points.shape[1]
    depth = (place[..., view.along] * _FINE).round().long() + 2 * _FINE  # above 0 in the workspace
    key = torch.where(known, depth * count + torch.arange(count, device=points.device), -1)
    nearest = torch.full((len(points), view.sizes[0] * view.sizes[1]), -1, device=points.device)
    nearest = nearest.scatter_reduce(1, flat, key, "amax")
    index = (nearest % count).clamp(min=0)
    shown = values.gather(1, index[..., None].expand(-1, -1, values.shape[-1])) * (nearest >= 0)[..., None]
    return shown.transpose(1, 2).unflatten(2, view.sizes)
