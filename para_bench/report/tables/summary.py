"""The two lines of a success table that matter first: before the shift, and where the first head does worst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from para_bench.report.roster import ConditionKey
from para_bench.report.tables.success import label


def two_lines(table: pd.DataFrame, heads: Sequence[str], control: ConditionKey) -> list[str]:
    """The lines on the trained `heads`; one line where a split has nothing but its control, none without heads.

    Args:
        table: As `success_table` makes it.
        heads: Heads in the order of the lines.
        control: The matched in-distribution condition.
    """
    own = [row for row in table.to_dict("records") if row["head"] in heads and row["n"]]
    before = [row for row in own if (row["condition"], row["level"]) == tuple(control)]
    shifted = [row for row in own if row not in before]
    when = "before the shift (the control)" if shifted else "in distribution"
    lines = [f"{when}: {_counts(before, heads)}"] if before else []
    mine = [row for row in shifted if row["head"] == heads[0]] if heads else []
    if mine:
        worst = min(mine, key=lambda row: row["rate"])
        same = [row for row in shifted if label(row) == label(worst)]
        lines.append(f"where {heads[0]} does worst ({label(worst)}): {_counts(same, heads)}")
        if before and worst["control_n"] < before[0]["n"]:  # else the line above has it
            lines[-1] += f"; the control in these scenes: {_counts(same, heads, 'control_')}"
    return lines


def _counts(rows: Sequence[Mapping], heads: Sequence[str], of: str = "") -> str:
    """ "para 286 of 300, global_token 11 of 300"."""
    found = {row["head"]: f"{row['head']} {row[f'{of}k']} of {row[f'{of}n']}" for row in rows}
    return ", ".join(found[head] for head in heads if head in found)
