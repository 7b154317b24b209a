"""Conditions and p values as they are printed."""

from __future__ import annotations

from collections.abc import Mapping

from para_bench.report.roster import POOLED


def label(row: Mapping) -> str:
    """Condition of a row of a table: "view_angle 25", "view_grid all 64"."""
    return f"{row['condition']} {row['level']}" + (f" {row['levels']}" if row["level"] == POOLED else "")


def p_text(p: float) -> str:
    """ "0.049", "< 0.001"."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
