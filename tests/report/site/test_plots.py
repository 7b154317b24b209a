"""Where things stand in the pages' drawings."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.records.factors import Axis, Factor
from para_bench.report.inventory import CONTROL
from para_bench.report.roster import Expected
from para_bench.report.site import plots
from para_bench.report.site.cells import cell
from para_bench.report.site.episodes import split_episodes
from para_bench.report.site.halves import halves
from para_bench.report.site.marks import PATHS
from para_bench.report.site.pages import ASSETS

N = 20
SUCCESSES = {"para": (20, 20, 10, 0), "pixel_regression": (16, 16, 16, 15), "global_token": (1, 0, 0, 0)}
LEVELS = ("10", "20", "30")


def test_a_star_stands_where_half_of_the_control_is_lost(record: Callable[..., EpisodeRecord]) -> None:
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
    ticks = {level: place for place, level in plot.ticks}
    assert (x, y) == pytest.approx((ticks["20"], plots.TOP + plots.HEIGHT / 2))
    assert text.startswith("para has lost half of its control at 20.0 deg [")
    assert all(plots.LEFT < mark.x < plots.LEFT + plots.WIDTH for line in plot.lines.values() for mark in line)  # beside its labels
    assert len({line[0].x for line in plot.lines.values()}) == 3
    (star,) = set(re.findall(r'half = "([^"]+)"', (ASSETS / "templates/dose.html.j2").read_text()))
    assert star not in PATHS.values()


@pytest.mark.parametrize(
    ("factor", "levels", "ticks"),
    [
        (Factor("elevation", "curve", pooled=False), ("-20", "-10", "10", "20"), ["-20", "-10", "0", "10", "20"]),
        (Factor("distance", "curve", pooled=False, control_at=0.75), ("0.6", "0.9", "1"), ["0.6", "0.75", "0.9", "1"]),
        (Factor("demos", "curve", pooled=False, logarithmic=True), ("4", "16", "64"), ["4", "16", "64"]),
    ],
    ids=["two-sided", "control between", "logarithmic"],
)
def test_points_ascend_and_the_control_stands_in_its_place(record, factor: Factor, levels: tuple[str, ...], ticks: list[str]) -> None:
    conditions = [CONTROL, *((factor.name, level) for level in levels)]
    made = [record("para", key, i, i % 2 == 0, split="x") for key in conditions for i in range(N)]
    expected = Expected({"para": (0,)}, {key: tuple(range(N)) for key in conditions}, Description("x", factors=(factor,)))
    results = split_episodes("x", "", expected, made)
    plot = plots.dose(factor, conditions[1:], {("para", key): cell(results, "para", [key]) for key in conditions}, ["para"])
    assert plot is not None
    assert [label for _, label in plot.ticks] == ticks
    assert [mark.x for mark in plot.lines["para"]] == pytest.approx([x for x, _ in plot.ticks])
    assert [x for x, _ in plot.ticks] == sorted(x for x, _ in plot.ticks)
    assert (plot.ticks[0][0], plot.ticks[-1][0]) == pytest.approx((plots.LEFT + plots.DODGE, plots.LEFT + plots.WIDTH - plots.DODGE))
    assert not factor.logarithmic or plot.ticks[1][0] == pytest.approx(plots.LEFT + plots.WIDTH / 2)


def test_a_map_tells_what_its_columns_and_rows_are() -> None:
    levels = [("view_grid", f"a{a}e{e}") for a in range(3) for e in range(2)]
    axes = (Axis("azimuth", -20, 20), Axis("elevation", 0, 5))
    said = plots.map_words(Factor("view_grid", "map", unit="deg", axes=axes), levels)
    assert said == {"across": "azimuth [deg]", "up": "elevation [deg]", "columns": ["-20", "+0", "+20"], "rows": ["+5", "+0"]}
    assert plots.map_words(Factor("view_grid", "map"), levels)["columns"] == ["", "", ""]
