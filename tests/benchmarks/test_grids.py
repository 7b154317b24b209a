"""Places on a grid reach into the corners of the region."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.benchmarks.grids import grid_places
from para_bench.envs.sampling import Region


@pytest.mark.parametrize(("count", "rows"), [(4, 2), (8, 2), (16, 2), (32, 4), (7, 1), (1, 1)])
def test_grid_has_rows_and_corners(count: int, rows: int) -> None:
    region = Region()
    places = grid_places(region, count)
    assert len({tuple(place) for place in places}) == count
    assert len(np.unique(places[:, 0])) == rows
    if rows > 1:
        np.testing.assert_allclose([places.min(0), places.max(0)], [region.low, region.high])


def test_rows_and_columns_follow_the_region() -> None:
    """One that is twice as long along y gets twice as many places there, evenly spaced."""
    places = grid_places(Region((0.0, 0.0), (0.1, 0.2)), 8)
    assert np.unique(places[:, 0]).tolist() == [0.0, 0.1]
    np.testing.assert_allclose(np.diff(np.unique(places[:, 1].round(9))), 0.2 / 3)
    turned = grid_places(Region((0.0, 0.0), (0.2, 0.1)), 8)
    assert len(np.unique(turned[:, 0].round(9))) == 4


def test_what_has_no_second_row_stands_in_the_middle_of_the_short_side() -> None:
    assert np.unique(grid_places(Region((0.0, 0.0), (0.1, 0.2)), 7)[:, 0]).tolist() == [0.05]
    assert grid_places(Region((0.0, 0.0), (0.1, 0.2)), 1).tolist() == [[0.05, 0.1]]
