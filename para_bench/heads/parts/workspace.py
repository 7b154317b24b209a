"""The box of an ActionSpec as a grid of cubes, for heads that predict places in world."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from para_bench.types import ActionSpec, ParaBenchError

CELLS = 24
"""Along x. SO-101's box then has 24 x 39 x 12 cubes of 13 mm, where PARA's pixel of a 28 x 28 map covers about 20 mm of the table."""


@dataclass(frozen=True)
class Workspace:
    """Cubes that fill the box, a whole number along every axis."""

    low: tuple[float, float, float]
    """Lowest corner of the box, world [m]."""
    high: tuple[float, float, float]
    sizes: tuple[int, int, int]
    """Cells along world x, y and z."""
    cell_m: float
    """Side of a cube."""

    @classmethod
    def of(cls, actions: ActionSpec) -> Workspace:
        """Raises ParaBenchError for a box that cubes do not fill."""
        cell = (actions.high[0] - actions.low[0]) / CELLS
        counts = [(high - low) / cell for low, high in zip(actions.low, actions.high, strict=True)]
        if any(abs(count - round(count)) * cell > 1e-9 for count in counts):
            raise ParaBenchError(f"the workspace is {actions.low} to {actions.high}; allowed: sides that are multiples of {cell:g} m")
        x, y, z = (round(count) for count in counts)
        return cls(actions.low, actions.high, (x, y, z), cell)

    def cells(self, points: Tensor) -> Tensor:
        """World points (..., 3) [m] counted in cells along x, y, z (..., 3), 0 at the centre of the first."""
        return (points - points.new_tensor(self.low)) / self.cell_m - 0.5

    def points(self, cells: Tensor) -> Tensor:
        """Inverse of `cells`."""
        return (cells + 0.5) * self.cell_m + cells.new_tensor(self.low)

    def inside(self, points: Tensor) -> Tensor:
        """Whether points (..., 3) lie in the box. Bool (...)."""
        return ((points >= points.new_tensor(self.low)) & (points <= points.new_tensor(self.high))).all(-1)
