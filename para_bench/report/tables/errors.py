"""Further columns of tables of suite version 2: strict success, grasp and yaw error, and episodes with waypoints out of reach.

Records of version 1 do not say whether success was strict; their tables have none of these columns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
from rich.text import Text

from para_bench.records import EpisodeRecord
from para_bench.report.roster import Group, Roster
from para_bench.report.statistics.medians import Median, format_median, median
from para_bench.report.statistics.rates import bracket, percent
from para_bench.report.tables import render
from para_bench.report.tables.labels import label

HEADER = ("condition", "strict % [95 %]", "grasp cm [95 %]", "yaw deg [95 %]", "clamped %")
CAPTION = (
    "Strict: success within the task's narrower tolerance. Grasp and yaw: median error where the jaw first closes, bootstrap interval; an "
    "episode in which it never closes counts as worse than any. Clamped: episodes with a waypoint out of the arm's reach, driven as far "
    "as it goes."
)


def tells(roster: Roster) -> bool:
    """Whether all of a table's episodes have strict success."""
    return all(r.strict_success is not None for levels in roster.episodes.values() for scenes in levels for r in scenes)


def measures(roster: Roster, head: str, group: Group) -> dict[str, float]:
    """Columns of one row: rates as fractions, medians in cm and deg, inf where half of the episodes have no error."""
    outcomes = roster.values(head, group, lambda r: bool(r.strict_success)).astype(bool)
    strict = roster.methods.rate(roster.nested(head, outcomes))
    grasp, yaw = (median(roster.nested(head, roster.values(head, group, of))) for of in (_grasp_cm, _yaw_deg))
    return {
        "strict_k": int(outcomes.sum()),
        "strict": strict.value,
        "strict_low": strict.low,
        "strict_high": strict.high,
        **_named("grasp_cm", grasp),
        **_named("yaw_deg", yaw),
        "clamped": float(roster.values(head, group, lambda r: r.clamped_waypoints > 0).mean()),
    }


def strict_text(row: Mapping) -> str:
    """ "83.0 [74.5, 89.1]"."""
    return bracket(row["strict"], row["strict_low"], row["strict_high"])


def median_text(row: Mapping, name: str) -> str:
    """ "0.37 [0.33, 0.42]" of the columns of `grasp_cm` or `yaw_deg`."""
    return format_median(Median(*(row[f"{name}{end}"] for end in ("", "_low", "_high")), missing=0.0, kind=""))


def cells(row: Mapping) -> tuple[str, ...]:
    """Texts of a row under HEADER, without its condition."""
    return strict_text(row), median_text(row, "grasp_cm"), median_text(row, "yaw_deg"), percent(row["clamped"])


def to_console(table: pd.DataFrame) -> Text:
    """Of a success table that has these columns, for `rich.print`; at most 100 columns wide."""
    return render.console(HEADER, _blocks(table), CAPTION)


def to_markdown(table: pd.DataFrame) -> str:
    """The same as a pipe table."""
    return render.markdown(HEADER, _blocks(table), CAPTION)


def _blocks(table: pd.DataFrame) -> list[render.Block]:
    return render.blocks([(row["head"], (label(row), *cells(row))) for row in table.to_dict("records")])


def _named(name: str, found: Median) -> dict[str, float]:
    return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}


def _grasp_cm(record: EpisodeRecord) -> float:
    return math.nan if record.grasp_error_m is None else 100 * record.grasp_error_m


def _yaw_deg(record: EpisodeRecord) -> float:
    return record.extra.get("grasp_yaw_deg", math.nan)
