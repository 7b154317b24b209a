"""The success table: rate, control and out-of-distribution gap of every head in every condition."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from rich.text import Text

from para_bench.records import EpisodeRecord
from para_bench.report.levels import single
from para_bench.report.rollcall import call
from para_bench.report.roster import POOLED, ConditionKey, Expected, Group, Roster, groups
from para_bench.report.statistics.rates import CHECKPOINT, METHOD, bracket
from para_bench.report.tables import errors, features_seen, render, second
from para_bench.report.tables.half_doses import HalfDose, half_doses
from para_bench.report.tables.labels import label
from para_bench.types import ParaBenchError

REFERENCE_TITLE = "references, all conditions together (% from the lowest to the highest)"
CONTROL_IS = "Control: the same head in the same scenes, before the shift. "
"""Begins the caption on a terminal, where a reader meets the first control."""
HEADER = ("condition", "k/n", "success % [95 %]", "control", "gap in points [95 %]")


def success_table(records: Iterable[EpisodeRecord], control: ConditionKey, expected: Expected, pooled: bool = True) -> pd.DataFrame:
    """Long form: one row per head and condition, in the order of `expected`. Rates and gaps are fractions.

    `control` is the matched in-distribution condition. From suite version 2 on, rows also have strict success, errors, half-doses and the
    test of the gap (`tables.second`). Gap: control minus condition over the scene indices that both have, which
    `control_k` and `control_n` count too; nan in the control's own row. Several training seeds: k and n add up over them, intervals
    are of kind `method`.
    A factor that is a map has one row; `pooled=False` gives each of its levels one, for files.
    """
    check_control(control, expected)
    groups(expected, pooled)  # levels that cannot be pooled are refused before missing episodes are
    return roster_table(call(records, expected), control, pooled)


def roster_table(roster: Roster, control: ConditionKey, pooled: bool = True) -> pd.DataFrame:
    """`success_table` of a roster."""
    check_control(control, roster.expected)
    rows = groups(roster.expected, pooled)
    reference = single(control)
    halves = {(half.head, half.factor): half for half in half_doses(roster)} if roster.methods.nests else {}
    told = errors.tells(roster)
    found = [
        _row(roster, head, group, reference, halves.get((head, group.condition)), told) for head in roster.expected.seeds for group in rows
    ]
    return pd.DataFrame(second.with_families(found) if roster.methods.nests else found)


def check_control(control: ConditionKey, expected: Expected) -> None:
    """Refuse results without the control condition."""
    if control not in expected.scenes:
        raise ParaBenchError(f"control is {control}; allowed: one of {', '.join(map(str, expected.scenes))}")


def _row(roster: Roster, head: str, group: Group, reference: Group, half: HalfDose | None, told: bool) -> dict[str, object]:
    found, control = _shared(roster, head, group, reference)
    outcomes, methods = roster.outcomes(head, group), roster.methods
    rate, gap, p = methods.rate(roster.nested(head, outcomes)), (math.nan, math.nan, math.nan), math.nan
    if group.members != reference.members and found.size:
        compared = methods.gap(roster.nested(head, control), roster.nested(head, found))
        gap, p = compared.estimate[:3], compared.p
    row = {
        "suite_version": roster.suite_version,
        "split": roster.split,
        "head": head,
        "backbone": roster.backbones[head],
        "condition": group.condition,
        "level": group.level,
        "levels": len(group.members),
        "k": int(outcomes.sum()),
        "n": outcomes.size,
        "rate": rate.value,
        "low": rate.low,
        "high": rate.high,
        "control_k": int(control.sum()),
        "control_n": control.size,
        "gap": gap[0],
        "gap_low": gap[1],
        "gap_high": gap[2],
        "interval": rate.kind,
        "demos": roster.trained_on(head, group),
        "seeds": len(roster.expected.seeds[head]),
    }
    if told:
        row |= errors.measures(roster, head, group)
    return row | second.columns(roster, head, group, row, p, half) if methods.nests else row


def _shared(roster: Roster, head: str, group: Group, reference: Group) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes of a row (S, C, n) and of its control (S, 1, n) at the n scene indices that both have."""
    scenes, control_scenes = roster.scenes(group), roster.scenes(reference)
    column, control_column = ({scene: i for i, scene in enumerate(found)} for found in (scenes, control_scenes))
    shared = sorted(column.keys() & control_column.keys())
    found = roster.outcomes(head, group)[..., [column[i] for i in shared]]
    return found, roster.outcomes(head, reference)[..., [control_column[i] for i in shared]]


def caption(table: pd.DataFrame, seen: Collection[str] = ()) -> str:
    """The line under a table: what its intervals are, and of which suite. `seen` as `features_seen.sentence`."""
    kinds = set(table["interval"])
    parts = []
    if CHECKPOINT in kinds:
        parts.append("checkpoint: the one trained policy over test scenes, Wilson; gap by Newcombe's paired method 10")
    if METHOD in kinds:
        parts.append(
            "method: mean over training seeds; the hull of t intervals over seed means and over scene means and of the pooled episodes' own"
        )
    if POOLED in set(table["level"]):
        parts.append("where a checkpoint's pooled levels share scenes, no narrower than a t interval over scene means")
    if second.is_second(table):
        return second.caption(table, seen)
    versions = ", ".join(sorted(set(table["suite_version"])))
    splits = ", ".join(dict.fromkeys(table["split"]))
    return (
        f"Split {splits}, suite version {versions}.{features_seen.sentence(table['backbone'], seen)} "
        f"Gap = control minus condition on the same scenes. 95 % intervals; {'; '.join(parts)}."
    )


def head_title(row: Mapping) -> str:
    """ "para: 20 demos, 5 seeds (method)"."""
    if row["demos"] == "0":
        return str(row["head"])
    count = row["seeds"] // row.get("sets", 1)
    seeds_text = "1 seed" if count == 1 else f"{count} seeds"
    if row.get("sets", 1) > 1:
        seeds_text = f"{row['sets']} sets x {seeds_text}"
    return f"{row['head']}: {row['demos']} demos, {seeds_text} ({row['interval']})"


def head_titles(table: pd.DataFrame) -> dict[str, str]:
    """Title of each head over all its rows: "para: 4 to 256 demos, 5 seeds (method)"."""
    titles = {}
    for head, rows in table.groupby("head", sort=False):
        counts = sorted({int(count) for text in rows["demos"] for count in text.split(" to ")})
        demos = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
        titles[str(head)] = head_title({**rows.iloc[0].to_dict(), "demos": demos})
    return titles


def to_console(table: pd.DataFrame, seen: Collection[str] = (), references: Collection[str] = ()) -> Text:
    """For `rich.print`; at most 100 columns wide. Heads among `references` get one line each, over all conditions."""
    rows, titles = table.to_dict("records"), head_titles(table)
    named = dict.fromkeys(row["head"] for row in rows if row["head"] in references)
    apart = {titles[name] for name in named}
    found = [block for block in _blocks(table) if block.title not in apart]
    if named:
        found.append(render.Block(REFERENCE_TITLE, [_in_one_line(name, [row for row in rows if row["head"] == name]) for name in named]))
    return render.console(HEADER, found, CONTROL_IS + caption(table, seen))


def _in_one_line(name: str, rows: Sequence[Mapping]) -> tuple[str, ...]:
    """A reference over all its conditions: its name, k/n of all, and its lowest and highest rate."""
    found = [row["rate"] for row in rows]
    rates = dict.fromkeys(map(_whole, (min(found), max(found))))
    counts = f"{sum(row['k'] for row in rows)}/{sum(row['n'] for row in rows)}"
    return name, counts, " to ".join(rates), "", ""


def _whole(rate: float) -> str:
    """Percent without decimals; "> 99" and "< 1" for what only rounds to all and to none."""
    text = f"{100 * rate:.0f}"
    return "> 99" if text == "100" and rate < 1 else "< 1" if text == "0" and rate > 0 else text


def to_markdown(table: pd.DataFrame, seen: Collection[str] = ()) -> str:
    """A pipe table with the caption below."""
    return render.markdown(HEADER, _blocks(table), caption(table, seen))


def to_csv(table: pd.DataFrame) -> str:
    """Long form, every column, rates as fractions; empty where there is no gap."""
    return render.csv(table, float_format="%.6f")


def _blocks(table: pd.DataFrame) -> list[render.Block]:
    titled, titles = [], head_titles(table)
    for row in table.to_dict("records"):
        count, control = f"{row['k']}/{row['n']}", f"{row['control_k']}/{row['control_n']}"
        rate = bracket(row["rate"], row["low"], row["high"])
        gap = bracket(row["gap"], row["gap_low"], row["gap_high"])
        if second.is_second(table):
            rate, gap = second.marked(row, rate, gap)
        titled.append((titles[row["head"]], (label(row), count, rate, control if gap else "", gap)))
    if second.is_second(table):
        titled = second.with_halves(table, titled)
    return render.blocks(titled)
