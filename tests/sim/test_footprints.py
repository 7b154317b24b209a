"""Outlines of props."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.sim.footprints import gap, rim
from para_bench.types import Prop

RED = (0.8, 0.1, 0.1)
BAR = Prop("box", (0.01, 0.03, 0.02), RED, (0.2, 0.0), yaw=np.pi / 2)
"""Lies along world x, from 0.17 to 0.23."""
CYLINDER = Prop("cylinder", (0.02, 0.02, 0.01), RED, (0.1, 0.0))


@pytest.mark.parametrize(
    ("xy", "distance"),
    [((0.2, 0.0), 0.0), ((0.229, 0.009), 0.0), ((0.25, 0.0), 0.02), ((0.2, 0.03), 0.02), ((0.26, 0.05), 0.05)],
)
def test_the_gap_to_a_box(xy: tuple[float, float], distance: float) -> None:
    assert gap(BAR, xy) == pytest.approx(distance)


def test_the_gap_to_a_cylinder() -> None:
    assert gap(CYLINDER, (0.1, 0.05)) == pytest.approx(0.03)
    assert gap(CYLINDER, (0.1, 0.01)) == 0


def test_the_rim_is_the_farthest_of_the_outline() -> None:
    assert rim(CYLINDER) == 0.02
    assert rim(Prop("box", (0.03, 0.04, 0.01), RED, (0.0, 0.0))) == pytest.approx(0.05)
