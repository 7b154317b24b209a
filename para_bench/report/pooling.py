"""Which levels of a factor are pooled into one rate."""

from __future__ import annotations

from collections.abc import Sequence

from para_bench.report.roster import ConditionKey


def shifted(levels: Sequence[ConditionKey]) -> tuple[ConditionKey, ...]:
    """Levels of one factor without the dose 0, where the scene is that of the control; a 0 that stands alone stays."""
    found = tuple(level for level in levels if level[1] != "0")
    return found or tuple(levels)
