"""Things of several props."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.tasks.parts.things import at, painted, radius
from para_bench.types import Prop

RED, BLUE = (0.8, 0.1, 0.1), (0.1, 0.1, 0.8)
PART = Prop("box", (0.03, 0.04, 0.01), RED, (0.0, 0.05), yaw=0.1)


def test_a_thing_is_turned_about_its_middle() -> None:
    (part,) = at((PART,), (0.2, 0.1), np.pi / 2)
    assert part.xy == pytest.approx((0.15, 0.1))
    assert part.yaw == pytest.approx(np.pi / 2 + 0.1)
    assert part.half_size == PART.half_size


def test_the_radius_holds_every_part() -> None:
    assert radius((PART,)) == pytest.approx(0.10)
    assert radius((PART, Prop("cylinder", (0.02, 0.02, 0.01), RED, (0.1, 0.0)))) == pytest.approx(0.12)


def test_painting_changes_the_colour_alone() -> None:
    (part,) = painted((PART,), BLUE)
    assert part == Prop("box", (0.03, 0.04, 0.01), BLUE, (0.0, 0.05), yaw=0.1)
