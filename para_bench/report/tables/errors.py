"""What tells methods apart where nearly all or nearly none of their episodes succeed: strict success, and errors of the grasp."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from rich.text import Text

from para_bench.records import EpisodeRecord
from para_bench.report.roster import Group, Roster
from para_bench.report.statistics.medians import Median, format_median, median
from para_bench.report.statistics.rates import bracket, percent
from para_bench.report.tables import render

YAW_DEG = "grasp_yaw_deg"
"""Diagnostic of a record (`EpisodeRecord.extra`): of the waypoint that first closes the jaw."""
HEADER = ("condition", "strict % [95 %]", "grasp cm [95 %]", "yaw deg [95 %]", "clamped %")
CAPTION = (
    "Strict: within the task's narrower bounds. Grasp and yaw: median error, horizontal and of its heading, where the jaw first closes; an "
    "episode in which it never does counts as worse than any error; bootstrap over demonstration sets, training seeds and scenes. Clamped: "
    "share of waypoints that lay out of reach and were driven as far as the arm goes."
)
_CM = 100.0


def columns(roster: Roster, head: str, group: Group) -> dict[str, object]:
    """Of one row of a table: rates as fractions, errors in cm and degrees, nan where records do not tell; inf where most have none."""
    strict = _read(roster, head, group, _strict)
    rate = (math.nan,) * 3 if np.isnan(strict).any() else roster.methods.rate(roster.nested(head, strict.astype(bool)))[:3]
    errors = {"grasp_cm": _cm, "yaw_deg": partial(_extra, YAW_DEG)}
    medians = {name: _median(roster, head, group, read) for name, read in errors.items()}
    clamped = _read(roster, head, group, lambda record: record.clamped_waypoints)
    steps = _read(roster, head, group, lambda record: record.steps)
    return {
        **dict(zip(("strict", "strict_low", "strict_high"), rate, strict=True)),
        **{f"{name}{end}": value for name, found in medians.items() for end, value in zip(("", "_low", "_high"), found, strict=False)},
        "never_closed": medians["grasp_cm"].missing,
        "clamped": float(clamped.sum() / max(steps.sum(), 1)),
    }


def cells(row: dict) -> tuple[str, ...]:
    """Of a row of `columns`, as HEADER without its first; empty where records do not tell."""
    rate = bracket(row["strict"], row["strict_low"], row["strict_high"])
    found = (shown(row, "grasp_cm", 2), shown(row, "yaw_deg", 1))
    return rate, *found, percent(row["clamped"])


def to_console(table: pd.DataFrame, titles: dict[str, str], labels: Callable[[dict], str]) -> Text:
    """Below a success table of the same rows; at most 100 columns wide."""
    return render.console(HEADER, _blocks(table, titles, labels), CAPTION)


def to_markdown(table: pd.DataFrame, titles: dict[str, str], labels: Callable[[dict], str]) -> str:
    """A pipe table with the caption below."""
    return render.markdown(HEADER, _blocks(table, titles, labels), CAPTION)


def _blocks(table: pd.DataFrame, titles: dict[str, str], labels: Callable[[dict], str]) -> list[render.Block]:
    return render.blocks([(titles[row["head"]], (labels(row), *cells(row))) for row in table.to_dict("records")])


def _read(roster: Roster, head: str, group: Group, read: Callable[[EpisodeRecord], float]) -> np.ndarray:
    return roster.values(head, group, read).astype(float)


def _median(roster: Roster, head: str, group: Group, read: Callable[[EpisodeRecord], float]) -> Median:
    return median(roster.nested(head, _read(roster, head, group, read)))


def _strict(record: EpisodeRecord) -> float:
    return math.nan if record.strict_success is None else float(record.strict_success)


def _cm(record: EpisodeRecord) -> float:
    return math.nan if record.grasp_error_m is None else _CM * record.grasp_error_m


def _extra(name: str, record: EpisodeRecord) -> float:
    return record.extra.get(name, math.nan)


def shown(row: dict, name: str, digits: int) -> str:
    """A median of `columns` with its interval."""
    return format_median(Median(row[name], row[f"{name}_low"], row[f"{name}_high"], 0.0, ""), digits)
