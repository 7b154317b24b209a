"""Levels of a factor: ascending, alone, or as one row without the dose 0."""

from __future__ import annotations

from para_bench.report.levels import levels, pooled, shifted, single
from para_bench.report.roster import POOLED, Expected, Group

ID = ("id", "0")
EXPECTED = Expected({}, {ID: 4, **{("view_angle", level): 4 for level in ("10", "0", "5")}, ("lighting", "1"): 4})


def test_levels_ascend_as_numbers() -> None:
    assert levels(EXPECTED, "view_angle") == [("view_angle", level) for level in ("0", "5", "10")]
    assert levels(EXPECTED, "layout") == []


def test_a_dose_of_0_is_pooled_with_no_other() -> None:
    assert pooled(EXPECTED, "view_angle") == Group("view_angle", POOLED, (("view_angle", "10"), ("view_angle", "5")))
    assert pooled(EXPECTED, "lighting") == single(("lighting", "1")) == Group("lighting", "1", (("lighting", "1"),))
    assert pooled(EXPECTED, "layout").members == ()
    assert shifted([ID]) == (ID,)
