"""Places on a grid over a region of the table."""

from __future__ import annotations

import numpy as np

from para_bench.sim.base import Region


def grid_places(region: Region, count: int) -> np.ndarray:
    """`count` places (count, 2) [m] on the rows and columns of a grid whose outer places are the region's corners.

    Rows x columns is the factorisation of `count` nearest to the region's proportions with at least two rows, where it has one.
    """
    low, high = np.array(region.low), np.array(region.high)
    wanted = np.log((high - low)[0] / (high - low)[1])
    shapes = [(rows, count // rows) for rows in range(1, count + 1) if count % rows == 0]
    shapes = [shape for shape in shapes if min(shape) > 1] or shapes
    rows, columns = min(shapes, key=lambda shape: abs(np.log(shape[0] / shape[1]) - wanted))
    x, y = np.meshgrid(_steps(low[0], high[0], rows), _steps(low[1], high[1], columns), indexing="ij")
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _steps(low: float, high: float, count: int) -> np.ndarray:
    return np.linspace(low, high, count) if count > 1 else np.array([(low + high) / 2])
