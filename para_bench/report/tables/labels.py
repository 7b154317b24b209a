"""Conditions and p values as they are printed."""

from __future__ import annotations

from collections.abc import Mapping

from para_bench.report.roster import POOLED
from para_bench.report.statistics.families import ALPHA


def label(row: Mapping) -> str:
    """Condition of a row of a table: "view_angle 25", "view_grid all 64"."""
    return f"{row['condition']} {row['level']}" + (f" {row['levels']}" if row["level"] == POOLED else "")


def p_text(p: float) -> str:
    """ "0.049", "< 0.001"; with more digits where three would hide on which side of ALPHA it lies."""
    if p < 0.001:
        return "< 0.001"
    digits = next((digits for digits in range(3, 15) if round(p, digits) != ALPHA or p == ALPHA), 15)
    return f"{p:.{digits}f}"
