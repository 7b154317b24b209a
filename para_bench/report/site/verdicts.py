"""Exploratory verdicts on a split's page: the first head against every other with the same scenes and training seeds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from para_bench.records.description import Description
from para_bench.report.fairness.alike import unlike
from para_bench.report.rollcall import call
from para_bench.report.roster import POOLED
from para_bench.report.site.declared import BETTER, NOT_RESOLVED, WORSE, DeclaredVerdict
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.site.wording import of_condition, plain
from para_bench.report.statistics.families import ALPHA
from para_bench.report.statistics.rates import bracket
from para_bench.report.tables import comparisons, features_seen
from para_bench.report.tables.labels import p_text


@dataclass(frozen=True)
class Verdict:
    """One row."""

    other: str
    condition: str
    counts: str
    """ "96 : 4 of 100": successes of the first head and of the other."""
    points: str
    """Difference with its 95 % interval, in points."""
    p: str
    """With Holm's correction over the family."""
    words: str
    kind: str
    """Style class."""


@dataclass(frozen=True)
class Verdicts:
    """The table of a split, one Holm family that no suite declared."""

    head: str
    """Head of the verdicts."""
    others: list[str]
    size: int
    """Comparisons in the family: the same comparison in a family of more or fewer may have another verdict."""
    rows: list[Verdict]
    """Those of the family without a declared verdict."""
    caption: str
    left_out: list[str]
    """Learned heads with other training seeds or with episodes missing."""
    unlike: list[str]
    """Learned heads that were given something else too, each with what it is."""


def verdicts(results: SplitEpisodes, learned: list[str], declared: Collection[DeclaredVerdict] = ()) -> Verdicts | None:
    """Verdicts of a split; None where fewer than two learned heads can be compared.

    A comparison of `declared` has its verdict there. It counts in this family, and has no row.
    """
    whole = [head for head in learned if results.complete(head)]
    if not whole:
        return None
    head, seeds = whole[0], results.expected.seeds[whole[0]]
    same = [other for other in whole[1:] if results.expected.seeds[other] == seeds]
    met = [r for condition in results.conditions for name in (head, *same) for r in results.found(name, condition).values()]
    expected = replace(results.expected, seeds=dict.fromkeys((head, *same), seeds))
    roster = replace(call(met, expected), facts=results.facts)
    differing = {other: told for other in same if (told := unlike(roster, head, other))}
    others = [other for other in same if other not in differing]
    if not others:
        return None
    expected = replace(expected, seeds=dict.fromkeys((head, *others), seeds))
    table = comparisons.comparison_table(met, head, others, expected).to_dict("records")
    had = {(frozenset((row.head, row.other)), row.group) for row in declared}
    rows = [
        _verdict(row, expected.description)
        for row in table
        if (frozenset((head, row["other"])), (row["condition"], row["level"])) not in had
    ]
    left_out = [name for name in learned if name not in (head, *same)]
    told = [f"{name} ({', '.join(what)})" for name, what in differing.items()]
    return Verdicts(head, others, len(table), rows, _caption(results, table), left_out, told)


def _caption(results: SplitEpisodes, table: list[dict]) -> str:
    test = results.methods.declared(max(row["seeds"] for row in table), max(row.get("sets", 1) for row in table))
    backbones = [row[name] for row in table for name in ("backbone", "other_backbone")]
    features = features_seen.sentence(backbones, results.expected.description.seen_renderer)
    return f"Same scenes for both.{features} Test: {test}, with Holm's correction over the family. Verdicts are on {table[0]['head']}."


def _verdict(row: dict, description: Description) -> Verdict:
    kind = NOT_RESOLVED if row["p_holm"] > ALPHA or row["difference"] == 0 else BETTER if row["difference"] > 0 else WORSE
    points = bracket(row["difference"], row["low"], row["high"], sign=True)
    where = of_condition(description, (row["condition"], row["level"]))
    if row["level"] == POOLED:
        where = f"{plain(row['condition'])}, {row['levels']} levels pooled"
    counts = f"{row['k']} : {row['other_k']} of {row['n']}"
    return Verdict(row["other"], where, counts, points, p_text(row["p_holm"]), row["verdict"], kind)
