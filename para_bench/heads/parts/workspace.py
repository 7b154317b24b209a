"""The workspace as a grid of cubes, for heads that state places in world."""

from __future__ import annotations

from torch import Tensor

from para_bench.types import WORKSPACE_HIGH, WORKSPACE_LOW

SIZES = (24, 39, 12)
"""Cells along world x, y and z."""
CELL_M = (WORKSPACE_HIGH[0] - WORKSPACE_LOW[0]) / SIZES[0]
"""13 mm, where PARA's pixel of a 28 x 28 map covers about 20 mm of the table; every axis holds a whole number of cells."""
assert all(abs(size * CELL_M - (high - low)) < 1e-9 for size, low, high in zip(SIZES, WORKSPACE_LOW, WORKSPACE_HIGH, strict=True))


def cells(points: Tensor) -> Tensor:
    """World points (..., 3) [m] counted in cells along x, y, z (..., 3), 0 at the centre of the first."""
    return (points - points.new_tensor(WORKSPACE_LOW)) / CELL_M - 0.5


def points(cells: Tensor) -> Tensor:
    """Inverse of `cells`."""
    return (cells + 0.5) * CELL_M + cells.new_tensor(WORKSPACE_LOW)


def inside(points: Tensor) -> Tensor:
    """Whether points (..., 3) lie in the workspace. Bool (...)."""
    return ((points >= points.new_tensor(WORKSPACE_LOW)) & (points <= points.new_tensor(WORKSPACE_HIGH))).all(-1)
