"""Things of several props."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.tasks.parts.things import at, gap, radius
from para_bench.types import Prop

RED = (0.8, 0.1, 0.1)
BAR = Prop("box", (0.01, 0.03, 0.02), RED, (0.2, 0.0), yaw=np.pi / 2)
"""Lies along world x, from 0.17 to 0.23."""


def test_a_thing_is_turned_about_its_middle() -> None:
    thing = (Prop("box", (0.01, 0.02, 0.01), RED, (0.0, 0.05), yaw=0.1),)
    (part,) = at(thing, (0.2, 0.1), np.pi / 2)
    assert part.xy == pytest.approx((0.15, 0.1))
    assert part.yaw == pytest.approx(np.pi / 2 + 0.1)


@pytest.mark.parametrize(
    ("xy", "distance"),
    [((0.2, 0.0), 0.0), ((0.229, 0.009), 0.0), ((0.25, 0.0), 0.02), ((0.2, 0.03), 0.02), ((0.26, 0.05), 0.05)],
)
def test_the_gap_to_a_box(xy: tuple[float, float], distance: float) -> None:
    assert gap(BAR, xy) == pytest.approx(distance)


def test_the_gap_to_a_cylinder_and_the_radius() -> None:
    cylinder = Prop("cylinder", (0.02, 0.02, 0.01), RED, (0.1, 0.0))
    assert gap(cylinder, (0.1, 0.05)) == pytest.approx(0.03)
    assert gap(cylinder, (0.1, 0.01)) == 0
    assert radius((cylinder,)) == pytest.approx(0.12)
    assert radius((Prop("box", (0.03, 0.04, 0.01), RED, (0.0, 0.0)),)) == pytest.approx(0.05)
