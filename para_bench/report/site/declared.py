"""Contrasts that a suite declared before its first episode, as the pages show them: one family of tests over all of its splits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.levels import shifted
from para_bench.report.roster import POOLED, ConditionKey
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.site.wording import of_levels
from para_bench.report.statistics.families import ALPHA
from para_bench.report.statistics.floors import FLOOR, FLOOR_MARK
from para_bench.report.statistics.rates import CHECKPOINT, bracket
from para_bench.report.tables.contrasts import UNTESTED, Wanted, contrast_table
from para_bench.report.tables.labels import p_text

NOT_RESOLVED, BETTER, WORSE = "unresolved", "better", "worse"
"""Style classes of a verdict."""


class Family(NamedTuple):
    """What one suite declared."""

    suite: str
    contrasts: Sequence[Wanted]
    alpha: float = ALPHA
    floor: float = FLOOR

    @property
    def heads(self) -> set[str]:
        return {head for wanted in self.contrasts for head in (wanted.first, wanted.second)}


class DeclaredVerdict(NamedTuple):
    """One contrast on one condition."""

    head: str
    """Head of the verdict."""
    other: str
    asks: str
    split: str
    group: ConditionKey
    """Condition and level, POOLED for several."""
    condition: str
    """The condition in words."""
    counts: str
    """ "943 : 316 of 2100": successes of the first head and of the other; empty where it was not run."""
    points: str
    """Difference with its 95 % interval, in points; empty where it was not run."""
    p: str
    """With Holm's correction over the family; empty where it was not tested."""
    words: str
    kind: str
    """Style class."""

    @property
    def resolved(self) -> bool:
        return self.kind != NOT_RESOLVED


@dataclass(frozen=True)
class Declared:
    """The declared family of a suite with its verdicts."""

    suite: str
    floor: float
    rows: list[DeclaredVerdict]
    """All that was declared, in order."""
    test: str
    """Name of the test."""
    alone: bool
    """Whether a comparison has one training on each side, so that its verdict is about checkpoints and not methods."""

    def on(self, split: str) -> list[DeclaredVerdict]:
        """Verdicts on a split's page: those that were not run there are left out."""
        return [row for row in self.rows if row.split == split and row.words not in UNTESTED]

    @property
    def resolved(self) -> list[DeclaredVerdict]:
        return [row for row in self.rows if row.resolved]

    @property
    def floored(self) -> int:
        """Contrasts whose heads are both at the floor."""
        return sum(row.words == FLOOR_MARK for row in self.rows)

    @property
    def not_run(self) -> int:
        return sum(row.words in UNTESTED for row in self.rows)

    @property
    def tested(self) -> int:
        return len(self.rows) - self.floored - self.not_run


def declared(splits: Sequence[SplitEpisodes], families: Sequence[Family], learned: Collection[str]) -> list[Declared]:
    """Verdicts of the families with records of all of their heads; heads with episodes missing in a split count as not run there."""
    usable = {results.name: results for results in splits if results.methods.nests and CONTROL in results.conditions}
    judged = [_judged(usable, family) for family in families if family.heads <= set(learned)]
    return [found for found in judged if found.not_run < len(found.rows)]


def _judged(splits: dict[str, SplitEpisodes], family: Family) -> Declared:
    whole = {name: found for name, results in splits.items() if (found := _whole(results, family.heads))}
    table = contrast_table(whole, family.contrasts, family.alpha, family.floor)
    rows = [_row(row, splits.get(row["split"])) for row in table.to_dict("records")]
    trained = {(len(seeds), found.roster.sets(head)) for found in whole.values() for head, seeds in found.expected.seeds.items()}
    test = next((results.methods.declared(*max(trained)) for results in splits.values()), "") if trained else ""
    alone = bool((table["left_out"].eq("") & table["interval"].eq(CHECKPOINT)).any())
    return Declared(family.suite, family.floor, rows, test, alone)


def _whole(results: SplitEpisodes, heads: Collection[str]) -> SplitResults | None:
    """The heads without a missing episode; None where there is none."""
    seeds = {head: seeds for head, seeds in results.expected.seeds.items() if head in heads and results.complete(head)}
    found = [record for condition in results.conditions for record in results.all(condition) if record.head in seeds]
    return SplitResults(results.name, found, replace(results.expected, seeds=seeds), results.facts) if found else None


def _row(row: dict, results: SplitEpisodes | None) -> DeclaredVerdict:
    named = (row["head"], row["other"], row["asks"], row["split"])
    if results is None or row["left_out"] in UNTESTED:
        return DeclaredVerdict(*named, (row["factor"], POOLED), row["where"], "", "", "", row["left_out"], NOT_RESOLVED)
    members = shifted([condition for condition in results.conditions if condition[0] == row["factor"]])
    group = members[0] if len(members) == 1 else (row["factor"], POOLED)
    alike = row["n"] == row["other_n"]
    counts = f"{row['k']} : {row['other_k']} of {row['n']}" if alike else f"{row['k']}/{row['n']} : {row['other_k']}/{row['other_n']}"
    points = bracket(row["difference"], row["low"], row["high"], sign=True)
    p = "" if row["left_out"] else p_text(row["p_holm"])
    kind = row["verdict"] if row["verdict"] in (BETTER, WORSE) else NOT_RESOLVED
    return DeclaredVerdict(*named, group, of_levels(results.expected.description, members), counts, points, p, row["verdict"], kind)
