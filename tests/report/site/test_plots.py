"""Where things stand in the pages' drawings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.records.factors import Factor
from para_bench.report.inventory import CONTROL
from para_bench.report.roster import Expected
from para_bench.report.site import plots
from para_bench.report.site.cells import cell
from para_bench.report.site.episodes import split_episodes
from para_bench.report.site.halves import halves

N = 20
SUCCESSES = {"para": (20, 20, 10, 0), "pixel_regression": (16, 16, 16, 15), "global_token": (1, 0, 0, 0)}
LEVELS = ("10", "20", "30")


def test_a_diamond_stands_where_half_of_the_control_is_lost(record: Callable[..., EpisodeRecord]) -> None:
    factor = Factor("view_angle", "curve", unit="deg")
    conditions = [CONTROL, *(("view_angle", level) for level in LEVELS)]
    made = [
        record(head, key, i, i < successes)
        for head, row in SUCCESSES.items()
        for key, successes in zip(conditions, row, strict=True)
        for i in range(N)
    ]
    expected = Expected(
        dict.fromkeys(SUCCESSES, (0,)), {key: tuple(range(N)) for key in conditions}, Description("novel_view", factors=(factor,))
    )
    results = split_episodes("novel_view", "", expected, made)
    cells = {(head, key): cell(results, head, [key]) for head in SUCCESSES for key in conditions}
    plot = plots.dose(factor, conditions[1:], cells, list(SUCCESSES), halves(results, list(SUCCESSES)))
    assert plot is not None
    assert list(plot.halves) == ["para"]  # pixel_regression never loses half, global_token has no control to lose
    x, y, text = plot.halves["para"]
    assert (x, y) == pytest.approx((plots.LEFT + plots.WIDTH * 20 / 30, plots.TOP + plots.HEIGHT / 2))
    assert text.startswith("para has lost half of its control at 20.0 deg [")
