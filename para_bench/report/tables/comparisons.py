"""One head against others on the same scenes, with the declared test and its verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd
from rich.text import Text

from para_bench.records import EpisodeRecord
from para_bench.report.rollcall import call
from para_bench.report.roster import Expected, Group, Roster, groups
from para_bench.report.statistics.families import holm, verdict
from para_bench.report.statistics.family_count import Family, sentence
from para_bench.report.statistics.methods import FIRST_VERSION, methods
from para_bench.report.statistics.rates import bracket
from para_bench.report.tables import features_seen, render
from para_bench.report.tables.labels import label, p_text
from para_bench.types import ParaBenchError

HEADER = ("condition", "successes of both", "points [95 %]", "p (Holm)", "verdict")
Side = tuple[Roster, str]
"""A head of a roster."""
FIRST, SECOND = "first", "second"
"""Columns that name the folders where one head is compared between two of them (`report.tables.folders`)."""


def comparison_table(records: Iterable[EpisodeRecord], head: str, others: Sequence[str], expected: Expected) -> pd.DataFrame:
    """`head` against each of `others` in every condition: difference of rates, p, and the verdict on `head`.

    The family is all rows of this table, Holm-adjusted. One training seed: exact McNemar over scenes. Several, the same for
    both: the test of the suite version (`statistics.methods`).
    """
    return judged(rows_of_heads(records, head, others, expected))


def rows_of_heads(records: Iterable[EpisodeRecord], head: str, others: Sequence[str], expected: Expected) -> list[dict]:
    """The rows of `comparison_table` without verdicts, for a family of several splits."""
    heads = (head, *others)
    unequal = {name: tuple(expected.seeds.get(name, ())) for name in heads}
    if len(set(unequal.values())) != 1 or len(set(heads)) != len(heads) or not all(unequal.values()):
        raise ParaBenchError(f"training seeds are {unequal}; allowed: two or more heads, with the same seeds")
    roster = call(records, replace(expected, seeds={name: unequal[name] for name in heads}))
    if len(sets := {name: roster.sets(name) for name in heads if roster.learns(name)}) > 1 and len(set(sets.values())) > 1:
        raise ParaBenchError(f"demonstration sets are {sets}; allowed: as many for each head")
    rows = []
    for other in others:
        for group in groups(expected):
            features = {"backbone": roster.backbones[head], "other_backbone": roster.backbones[other]}
            rows.append({"head": head, "other": other, **features, **row(group, (roster, head), (roster, other))})
    return rows


def row(group: Group, mine: Side, theirs: Side) -> dict[str, object]:
    """Counts, difference and p of two methods in one condition; `judged` adds the verdict."""
    (roster, head), (other_roster, other) = mine, theirs
    first, second = roster.outcomes(head, group), other_roster.outcomes(other, group)
    difference, p, _ = roster.methods.compare(roster.nested(head, first), other_roster.nested(other, second))
    found = {
        "condition": group.condition,
        "level": group.level,
        "levels": len(group.members),
        "k": int(first.sum()),
        "other_k": int(second.sum()),
        "n": first.size,
        "scenes": first.shape[-1],
        "difference": difference.value,
        "low": difference.low,
        "high": difference.high,
        "interval": difference.kind,
        "seeds": first.shape[0],
        "p": p,
    }
    sets = max(roster.sets(head), other_roster.sets(other))
    return found | {"suite_version": roster.suite_version, "sets": sets} if roster.methods.nests else found


def judged(rows: list[dict]) -> pd.DataFrame:
    """The rows, which are one family, with Holm's p and verdicts."""
    for row, p in zip(rows, holm([row["p"] for row in rows]), strict=True):
        row["p_holm"] = p
        row["verdict"] = verdict(row["difference"], p, row["scenes"], row["interval"], row["seeds"])
    return pd.DataFrame(rows)


def to_console(table: pd.DataFrame, seen: Collection[str] = ()) -> Text:
    """For `rich.print`; at most 100 columns wide."""
    return render.console(HEADER, _blocks(table), caption(table, seen), left=(0, 4))


def to_markdown(table: pd.DataFrame, seen: Collection[str] = ()) -> str:
    """A pipe table with the caption below."""
    return render.markdown(HEADER, _blocks(table), caption(table, seen), "comparison")


def caption(table: pd.DataFrame, seen: Collection[str] = ()) -> str:
    """The line under a table: the test, its family, and which head the verdicts are about. `seen` as `features_seen.sentence`."""
    second = "sets" in table
    version, sets = (table["suite_version"].iloc[0], max(table["sets"])) if second else (FIRST_VERSION, 1)
    test = methods(version).declared(max(table["seeds"]), sets)
    about = table[FIRST if FIRST in table else "head"].iloc[0]
    features = "" if FIRST in table else features_seen.sentence([*table["backbone"], *table["other_backbone"]], seen)
    return (
        f"Same scenes for both.{features} Test: {test}; Holm over the {len(table)} row{'s' * (len(table) != 1)}, intervals uncorrected. "
        f"Verdicts are on {about}." + (f" {sentence([Family(f'{about} against others', len(table))], by_a_suite=False)}" if second else "")
    )


def _blocks(table: pd.DataFrame) -> list[render.Block]:
    titled = []
    for row in table.to_dict("records"):
        difference = bracket(row["difference"], row["low"], row["high"], sign=True)
        counts = f"{row['k']} : {row['other_k']} of {row['n']}"
        titled.append((_title(row), (label(row), counts, difference, p_text(row["p_holm"]), row["verdict"])))
    return render.blocks(titled)


def _title(row: Mapping) -> str:
    if FIRST in row:
        return f"{row['head']}, split {row['split']}: {row[FIRST]} against {row[SECOND]}"
    return f"{row['head']} against {row['other']}" + (f", split {row['split']}" if "split" in row else "")
