"""Half-doses of version-2 rows: sets are the outermost units; low controls have none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.records.description import Description
from para_bench.records.factors import Factor
from para_bench.report.roster import Group, Roster
from para_bench.report.statistics.dose_sets import dose_curve_over_sets
from para_bench.report.tables.half_doses import columns, curve, half_doses


def test_curves_nest_seeds_in_sets(second_roster: Roster) -> None:
    levels = (("id", "0"), ("view_angle", "15"), ("view_angle", "30"))
    stacked = np.stack([second_roster.outcomes("para", Group(*level, (level,)))[:, 0] for level in levels], axis=1)
    assert curve(second_roster, "para", "view_angle") == dose_curve_over_sets([0, 15, 30], stacked.reshape(3, 2, 3, -1))


def test_every_head_and_dose_has_one(second_roster: Roster) -> None:
    found = half_doses(second_roster)
    assert [(half.head, half.factor) for half in found] == [(head, "view_angle") for head in ("para", "act", "token")]
    assert 15 < found[0].curve.half_deg < 30
    assert found[2].text == "control below 20.0 %"
    assert np.isnan(columns(found[2])["half"])
    assert columns(None).keys() == columns(found[0]).keys()


def test_factors_that_are_no_doses_have_none(second_roster: Roster) -> None:
    rows = Description("novel_view", suite_version="2", factors=(Factor("view_angle", "rows"),))
    apart = Description("novel_view", suite_version="2", factors=(Factor("view_angle", "curve", pooled=False),))
    for description in (rows, apart):
        other = replace(second_roster, expected=replace(second_roster.expected, description=description))
        assert half_doses(other) == []


def test_levels_to_two_sides_of_the_control_have_no_half(second_roster: Roster) -> None:
    sides = {"15": "-15", "30": "30"}
    turned = {(head, (c[0], sides.get(c[1], c[1]))): found for (head, c), found in second_roster.episodes.items()}
    scenes = {(c[0], sides.get(c[1], c[1])): count for c, count in second_roster.expected.scenes.items()}
    other = replace(second_roster, episodes=turned, expected=replace(second_roster.expected, scenes=scenes))
    assert half_doses(other) == []
