"""Strict success, median errors and clamped waypoints of a row."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from para_bench.records import EpisodeRecord
from para_bench.report.roster import Expected, Group, Roster, call
from para_bench.report.tables import errors

GROUP = Group("id", "0", (("id", "0"),))


def test_columns_are_those_of_the_records(second_roster: Roster) -> None:
    found = errors.columns(second_roster, "para", GROUP)
    records = second_roster.records("para", GROUP)
    assert found["strict"] == pytest.approx(sum(bool(r.strict_success) for r in records) / len(records))
    assert found["grasp_cm"] == pytest.approx(0.4)  # nine in ten succeed
    assert found["yaw_deg"] == pytest.approx(3.0)
    assert found["never_closed"] == pytest.approx(1 / 40)  # scene 0
    assert found["clamped"] == pytest.approx(sum(r.clamped_waypoints for r in records) / sum(r.steps for r in records))
    assert errors.columns(second_roster, "token", GROUP)["grasp_cm"] == pytest.approx(3.0)


def test_records_that_do_not_tell_leave_cells_empty(second_records: list[EpisodeRecord], second_expected: Expected) -> None:
    silent = [replace(r, strict_success=None, extra={}, grasp_error_m=None) for r in second_records]
    found = errors.columns(call(silent, second_expected), "para", GROUP)
    assert math.isnan(found["strict"])  # type: ignore[arg-type]
    strict, grasp, yaw, _ = errors.cells(found)
    assert (strict, grasp, yaw) == ("", "none [none, none]", "none [none, none]")
