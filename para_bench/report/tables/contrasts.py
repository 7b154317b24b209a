"""Contrasts that were declared before the first episode: one family of tests over heads and splits, printed above a suite's tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from rich.text import Text

from para_bench.report.fairness.alike import unlike
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.levels import pooled, shifted, single
from para_bench.report.roster import Group
from para_bench.report.statistics.families import ALPHA, holm, verdict
from para_bench.report.statistics.floors import FLOOR, FLOOR_MARK
from para_bench.report.statistics.rates import bracket
from para_bench.report.tables import errors, render
from para_bench.report.tables.labels import p_text
from para_bench.types import ParaBenchError

HEADER = ("on", "successes of both", "points [95 %]", "p (Holm)", "verdict", "grasp cm", "yaw deg")
NOT_RUN, PART, UNLIKE = "not run", "levels missing", "not alike"
UNTESTED = (NOT_RUN, PART, UNLIKE)
"""Verdicts without numbers: no records, records of some levels, or heads of which more differs than what is compared."""
_SHOWN = ("grasp_cm", "yaw_deg")
"""Errors beside the tested measure."""
_BESIDE = tuple(f"{name}{end}" for name in _SHOWN for end in ("", "_low", "_high"))


class Wanted(NamedTuple):
    """One contrast on one condition."""

    first: str
    """Head that the verdict is about."""
    second: str
    asks: str
    split: str
    factor: str
    """All of its levels but 0 are pooled."""
    where: str
    """The condition in words."""


def contrast_table(
    results: Mapping[str, SplitResults], family: Sequence[Wanted], alpha: float = ALPHA, floor: float = FLOOR
) -> pd.DataFrame:
    """One row a contrast and condition, in order; the declared family is all of them, those that were not run included.

    A comparison that was not run as it was declared, whose heads were not given alike what they share, or are both below `floor` in
    distribution, counts with p = 1: leaving it out would make the correction of the others smaller after the fact.
    """
    rows = [_row(results.get(wanted.split), wanted, floor) for wanted in family]
    if not rows:
        raise ParaBenchError("found no declared contrasts; allowed: one or more")
    for row, p in zip(rows, holm([1.0 if row["left_out"] else row["p"] for row in rows]), strict=True):
        row["p_holm"] = p
        row["verdict"] = row["left_out"] or verdict(row["difference"], p, row["scenes"], row["interval"], row["seeds"], alpha)
    return pd.DataFrame(rows)


def _row(result: SplitResults | None, wanted: Wanted, floor: float) -> dict[str, Any]:
    named: dict[str, Any] = {
        "head": wanted.first,
        "other": wanted.second,
        "asks": wanted.asks,
        "split": wanted.split,
        "factor": wanted.factor,
    }
    named |= {"where": wanted.where}
    heads = (wanted.first, wanted.second)
    group = None if result is None or not set(heads) <= set(result.expected.seeds) else pooled(result.expected, wanted.factor)
    left_out, why = _lacks(result, group, heads)
    if result is None or group is None or left_out:
        nothing = dict.fromkeys(("difference", "low", "high", "p", *_BESIDE, *(f"other_{name}" for name in _BESIDE)), math.nan)
        empty = {"k": 0, "other_k": 0, "n": 0, "other_n": 0, "scenes": 0, "interval": "", "seeds": 0}
        return named | empty | nothing | {"left_out": left_out, "why": why}
    roster = result.roster
    first, second = (roster.units(head, group) for head in heads)
    found, p, _ = roster.methods.compare(first, second)
    control = single(CONTROL)
    low = all(roster.outcomes(head, control).mean() < floor for head in heads)
    beside = [errors.measures(roster, head, group) for head in heads]
    return named | {
        "k": int(first.sum()),
        "other_k": int(second.sum()),
        "n": first.size,
        "other_n": second.size,
        "scenes": first.shape[-1],
        "interval": found.kind,
        "seeds": len(roster.expected.seeds[wanted.first]),
        "difference": found.value,
        "low": found.low,
        "high": found.high,
        "p": p,
        **{name: beside[0][name] for name in _BESIDE},
        **{f"other_{name}": beside[1][name] for name in _BESIDE},
        "left_out": FLOOR_MARK if low else "",
        "why": "",
    }


def _lacks(result: SplitResults | None, group: Group | None, heads: tuple[str, str]) -> tuple[str, str]:
    """Why a comparison has no numbers, one of UNTESTED with its reason; two empty strings where it has them."""
    if result is None or group is None or not group.members:
        return NOT_RUN, ""
    declared = shifted([condition.key for condition in result.description.conditions if condition.factor == group.condition])
    if missing := [level for factor, level in declared if (factor, level) not in group.members]:
        return PART, f"{group.condition} {', '.join(missing)} of {result.split} missing"
    told = unlike(result.roster, *heads)
    return (UNLIKE, f"{heads[0]} and {heads[1]}, {result.split}: {', '.join(told)}") if told else ("", "")


def to_console(table: pd.DataFrame, lines: Sequence[str]) -> Text:
    """What was declared, then the table."""
    return Text("\n".join(lines) + "\n\n").append(render.console(HEADER, _blocks(table), caption(table), left=(0, 4)))


def to_markdown(table: pd.DataFrame, lines: Sequence[str]) -> str:
    """What was declared as a list, then a pipe table."""
    said = "\n".join(f"- {render.cell(line)}" for line in lines)
    return f"{said}\n\n{render.markdown(HEADER, _blocks(table), caption(table), 'contrast')}"


def caption(table: pd.DataFrame) -> str:
    """How many of the declared comparisons were made, and what the last columns are."""
    made = sum(not left for left in table["left_out"])
    alone = "One training a head: exact tests over scenes, about these checkpoints and not the methods. " if _alone(table) else ""
    reasons = "; ".join(dict.fromkeys(why for why in table["why"] if why))
    return (
        f"{made} of {len(table)} declared comparisons tested; the others count in Holm's correction with p = 1. {alone}"
        + (f"Left out: {reasons}. " if reasons else "")
        + "Verdicts are on the first head; intervals are not corrected. "
        "Grasp and yaw: median errors of both heads where the jaw first closes, with bootstrap intervals."
    )


def _alone(table: pd.DataFrame) -> bool:
    """Whether a comparison that was made has one training on each side."""
    return bool((table["left_out"].eq("") & table["interval"].eq("checkpoint")).any())


def _blocks(table: pd.DataFrame) -> list[render.Block]:
    titled = []
    for row in table.to_dict("records"):
        title = f"{row['head']} - {row['other']}: {row['asks']}"
        if row["left_out"] in UNTESTED:
            titled.append((title, (row["where"], "", "", "", row["left_out"], "", "")))
            continue
        counts = f"{row['k']}/{row['n']} : {row['other_k']}/{row['other_n']}"
        p = "" if row["left_out"] else p_text(row["p_holm"])
        points = bracket(row["difference"], row["low"], row["high"], sign=True)
        beside = tuple(" : ".join(errors.median_text(row, f"{of}{name}") for of in ("", "other_")) for name in _SHOWN)
        titled.append((title, (row["where"], counts, points, p, row["verdict"], *beside)))
    return render.blocks(titled)
