"""Rows that are too low to measure a shift on, and the words that say so."""

from __future__ import annotations

from para_bench.report.statistics.rates import percent
from para_bench.types import ParaBenchError

FLOOR = 0.1
"""A rate below this is marked: version 1's regressions had 2 to 17 % before any shift, and no effect of a shift on them could be seen."""
GAP_CONTROL = 0.2
"""A gap is printed from this rate of its control on. With a lower control even a loss of all success is less than 20 points, the size that
three trainings x 100 scenes find in a third to a half of all cases (at middling rates: perf/two_way.py): it would show the
control more than the shift."""
FLOOR_MARK = "floor"
NO_GAP = "control below {control} %"
"""Printed instead of such a gap."""


def mark(rate: float) -> str:
    """ "floor" for a rate in [0, 1] below FLOOR, else nothing."""
    return FLOOR_MARK if _checked(rate) < FLOOR else ""


def gap_is_printed(control: float) -> bool:
    """Whether the control's rate in [0, 1] leaves room for a gap."""
    return _checked(control) >= GAP_CONTROL


def no_gap() -> str:
    return NO_GAP.format(control=percent(GAP_CONTROL))


def caption() -> str:
    """Caption of a table that uses either."""
    return (
        f'"{FLOOR_MARK}": fewer than {percent(FLOOR)} % succeed, so that a shift cannot be measured; see the errors instead. '
        f"Gaps are left out, of the tests too, where the control is below {percent(GAP_CONTROL)} %."
    )


def _checked(rate: float) -> float:
    if not 0 <= rate <= 1:
        raise ParaBenchError(f"found a rate of {rate}; allowed: [0, 1]")
    return round(rate, 9)  # a mean of means may lie below a bound by round-off
