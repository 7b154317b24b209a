"""Conditions as they are printed."""

from __future__ import annotations

from collections.abc import Mapping

from para_bench.report.roster import POOLED


def label(row: Mapping) -> str:
    """Condition of a row of a table: "view_angle 25", "view_grid all 64"."""
    return f"{row['condition']} {row['level']}" + (f" {row['levels']}" if row["level"] == POOLED else "")
