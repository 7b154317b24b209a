"""The two lines of a success table that matter first: before the shift, and where the first head does worst."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from para_bench.report.roster import ConditionKey
from para_bench.report.tables.success import label


def two_lines(table: pd.DataFrame, heads: Sequence[str], control: ConditionKey) -> list[str]:
    """Of the trained `heads`; one line where a split has nothing but its control, none without heads.

    Args:
        table: As `success_table` makes it.
        heads: In the order in which they are told.
        control: The matched in-distribution condition.
    """
    own = table[table["head"].isin(heads) & (table["n"] > 0)]
    is_control = (own["condition"] == control[0]) & (own["level"] == control[1])
    before, shifted = own[is_control], own[~is_control]
    lines = []
    if len(before):
        lines.append(f"before the shift (the control): {_counts(before, heads)}")
    mine = shifted[shifted["head"] == heads[0]] if heads else shifted
    if len(mine):
        worst = mine.loc[mine["rate"].idxmin()]
        same = shifted[(shifted["condition"] == worst["condition"]) & (shifted["level"] == worst["level"])]
        lines.append(f"where {heads[0]} does worst ({label(worst.to_dict())}): {_counts(same, heads)}")
    return lines


def _counts(rows: pd.DataFrame, heads: Sequence[str]) -> str:
    """ "para 286 of 300, global_token 11 of 300"."""
    found = {row["head"]: f"{row['head']} {row['k']} of {row['n']}" for row in rows.to_dict("records")}
    return ", ".join(found[head] for head in heads if head in found)
