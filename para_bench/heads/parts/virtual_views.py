"""Orthographic views of a point cloud over the workspace: which point each cell shows."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from para_bench.heads.parts.workspace import Workspace

_FINE = 1000
"""Steps of depth in one cell, 13 um each: the nearer point is shown."""


@dataclass(frozen=True)
class View:
    name: str
    plane: tuple[int, int]
    """World axes of its rows and columns."""
    along: int
    """World axis that it looks along, backwards: the point with the largest coordinate is in front."""

    def sizes(self, workspace: Workspace) -> tuple[int, int]:
        """Rows and columns."""
        return workspace.sizes[self.plane[0]], workspace.sizes[self.plane[1]]


VIEWS = (View("top", (0, 1), 2), View("front", (1, 2), 0), View("side", (0, 2), 1))


def draw(view: View, workspace: Workspace, points: Tensor, known: Tensor) -> Tensor:
    """Which point of the workspace each cell shows: the one in front of those that lie in it, -1 where none is near.

    Points have a size: a cell that no point lies in shows a point that has it among its four nearest cells. Points lie up to two
    cells apart where the camera looks along the table.

    Args:
        view: Whose cells.
        workspace: What it looks at.
        points: World (B, N, 3) [m].
        known: Points that exist (B, N).

    Returns:
        Indices of points (B, rows * columns).
    """
    place, sizes = workspace.cells(points), points.new_tensor(workspace.sizes)
    known = known & ((place >= -1) & (place <= sizes)).all(-1)  # half a cell more: a table top at z = 0 lies on the border
    count = points.shape[1]
    depth = (place[..., view.along] * _FINE).round().long() + 2 * _FINE  # above 0
    key = torch.where(known, depth * count + torch.arange(count, device=points.device), -1)
    rows, columns = (place[..., axis].clamp(0, workspace.sizes[axis] - 1) for axis in view.plane)
    view_rows, view_columns = view.sizes(workspace)
    nobody = torch.full((len(points), view_rows * view_columns), -1, device=points.device)
    own = _front(nobody, rows.round(), columns.round(), key, view_columns)
    around = nobody
    for row in (rows.floor(), rows.ceil()):
        for column in (columns.floor(), columns.ceil()):
            around = _front(around, row, column, key, view_columns)
    shown = torch.where(own >= 0, own, around)
    return torch.where(shown >= 0, shown % count, -1)


def _front(front: Tensor, row: Tensor, column: Tensor, key: Tensor, count: int) -> Tensor:
    """The larger of each cell's key so far (B, cells) and those of the points (B, N) that fall into it; `count` cells in a row."""
    return front.scatter_reduce(1, (row * count + column).long(), key, "amax")
