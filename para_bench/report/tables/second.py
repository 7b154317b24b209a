"""Further columns of a success table from suite version 2 on: errors, half-doses, floor marks, and the family of tests of its gaps."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from para_bench.report.roster import Group, Roster
from para_bench.report.statistics import floors
from para_bench.report.statistics.families import ALPHA, holm
from para_bench.report.statistics.family_count import Family, sentence
from para_bench.report.statistics.rates import METHOD
from para_bench.report.statistics.two_way import declared
from para_bench.report.tables import features_seen
from para_bench.report.tables.half_doses import HalfDose
from para_bench.report.tables.half_doses import columns as half_columns

GAPS = "gaps to the control"
RESOLVED = " *"
"""Printed after a gap whose test rejects."""
DISTURBED = "disturbed"
"""Key of a record's `extra`: whether the object was moved during the episode."""
Titled = tuple[str, tuple[str, ...]]


def is_second(table: pd.DataFrame) -> bool:
    """Whether the rows have these columns."""
    return "gap_p" in table


def columns(roster: Roster, head: str, group: Group, row: Mapping, p: float, half: HalfDose | None) -> dict[str, object]:
    """Further columns of a row; `p` is that of its gap, nan where it has none. A gap is removed where its control is too low."""
    low = not math.isnan(p) and not floors.gap_is_printed(row["control_k"] / row["control_n"])
    return {
        **(dict.fromkeys(("gap", "gap_low", "gap_high"), math.nan) if low else {}),
        "gap_p": math.nan if low else p,
        "gap_left_out": floors.no_gap() if low else "",
        "floor": floors.mark(row["rate"]),
        "sets": roster.sets(head),
        "replan_steps": roster.looks_after(head, group),
        **_undisturbed(roster, head, group),
        **half_columns(half),
        "half_text": half.text if half else "",
    }


def _undisturbed(roster: Roster, head: str, group: Group) -> dict[str, int]:
    """Episodes in which the scene's disturbance could not take place; nothing where scenes have none."""
    told = [record.extra[DISTURBED] for record in roster.records(head, group) if DISTURBED in record.extra]
    return {"undisturbed": sum(not found for found in told)} if told else {}


def with_families(rows: list[dict]) -> list[dict]:
    """The rows, with Holm's p of all their gaps, which are one family."""
    family = [row for row in rows if not math.isnan(row["gap_p"])]
    adjusted = holm([row["gap_p"] for row in family])
    for row in rows:
        row["gap_p_holm"] = math.nan
    for row, p in zip(family, adjusted, strict=True):
        row["gap_p_holm"] = p
    return rows


def families(table: pd.DataFrame) -> list[Family]:
    """Families of tests of a table; gaps that are left out are in none."""
    count = sum(not math.isnan(p) for p in table["gap_p"])
    return [Family(f"{GAPS} of {', '.join(dict.fromkeys(table['split']))}", count)] if count else []


def marked(row: Mapping, rate: str, gap: str) -> tuple[str, str]:
    """Rate and gap as they are printed."""
    mark = RESOLVED if row["gap_p_holm"] <= ALPHA else ""
    return f"{rate} {row['floor']}".rstrip(), gap + mark if gap else row["gap_left_out"]


def with_halves(table: pd.DataFrame, titled: Sequence[Titled]) -> list[Titled]:
    """Cells with one more line behind the levels of a factor that grows from the control."""
    rows, found = table.to_dict("records"), list[Titled]()
    for place, (row, line) in enumerate(zip(rows, titled, strict=True)):
        found.append(line)
        following = rows[place + 1] if place + 1 < len(rows) else None
        ends = following is None or (following["head"], following["condition"]) != (row["head"], row["condition"])
        if row["half_text"] and ends:
            found.append((line[0], (f"{row['condition']} half", "", row["half_text"], "", "")))
    return found


def looks(table: pd.DataFrame) -> str:
    """How often the trained policies look, and how many of their episodes the disturbance missed."""
    trained = [row for row in table.to_dict("records") if row["demos"] != "0"]
    steps = dict.fromkeys(row["replan_steps"] for row in trained if row["replan_steps"])
    said = f" Policies look again after {' or '.join(steps)} waypoints." if steps else ""
    told = [row for row in trained if not math.isnan(row.get("undisturbed", math.nan))]
    if missed := int(sum(row["undisturbed"] for row in told)):
        of = sum(row["n"] for row in told)
        said += f" In {missed} of {of} episodes nothing disturbed the object: the jaw was near, or something in the way. They count too."
    return said


def caption(table: pd.DataFrame, seen: Collection[str] = ()) -> str:
    """The line under a table: its intervals, its tests and how many families of tests it has. `seen` as `features_seen.sentence`."""
    trained = table[table["interval"] == METHOD]
    parts = ["rates of one training: Wilson, gaps Newcombe's paired method 10 and exact McNemar"] if len(trained) < len(table) else []
    if len(trained):
        test = declared(max(trained["seeds"]), max(trained["sets"]))
        parts.append(f"rates and gaps of several trainings: {test}, one-sample form")
    own = families(table)
    return (
        f"Split {', '.join(dict.fromkeys(table['split']))}, suite version {', '.join(sorted(set(table['suite_version'])))}."
        f"{features_seen.sentence(table['backbone'], seen)}{looks(table)} "
        f"Gap = control minus condition, same policies, same scenes;{RESOLVED}: not 0 by its test. "
        f"95 % intervals; {'; '.join(parts)}. {floors.caption()}"
        + (' "half": size of the shift at which half of the control\'s success is lost.' if any(table["half_text"]) else "")
        + (f" {sentence(own, by_a_suite=False)}" if own else "")
    )
