"""What the declared test says on a split's page: the first head against every other with the same scenes and training seeds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from para_bench.records.description import Description
from para_bench.report.roster import POOLED
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.site.wording import of_condition, plain
from para_bench.report.statistics.families import ALPHA
from para_bench.report.statistics.rates import bracket
from para_bench.report.tables import comparisons

NOT_RESOLVED, BETTER, WORSE = "unresolved", "better", "worse"
"""Style classes of a verdict."""


@dataclass(frozen=True)
class Verdict:
    """One row."""

    other: str
    condition: str
    counts: str
    """ "96 : 4 of 100": successes of the first head and of the other."""
    points: str
    """Difference with its 95 % interval, in points."""
    words: str
    kind: str


@dataclass(frozen=True)
class Verdicts:
    """The table of a split, one Holm family."""

    head: str
    """Head of the verdicts."""
    others: list[str]
    family: str
    """Name of the family: the same comparison in a family of more or fewer rows may have another verdict."""
    rows: list[Verdict]
    caption: str
    left_out: list[str]
    """Learned heads with other training seeds or with episodes missing."""


def verdicts(results: SplitEpisodes, learned: list[str]) -> Verdicts | None:
    """Verdicts of a split; None where fewer than two learned heads can be compared."""
    whole = [head for head in learned if _complete(results, head)]
    if not whole:
        return None
    head, seeds = whole[0], results.expected.seeds[whole[0]]
    others = [other for other in whole[1:] if results.expected.seeds[other] == seeds]
    if not others:
        return None
    expected = replace(results.expected, seeds=dict.fromkeys((head, *others), seeds))
    met = [r for condition in results.conditions for name in (head, *others) for r in results.found(name, condition).values()]
    table = comparisons.comparison_table(met, head, others, expected)
    left_out = [name for name in learned if name not in (head, *others)]
    description = expected.description
    rows = [_verdict(row, description) for row in table.to_dict("records")]
    return Verdicts(head, others, f"{head} against others on {results.name}", rows, comparisons.caption(table), left_out)


def _complete(results: SplitEpisodes, head: str) -> bool:
    seeds = results.expected.seeds[head]
    return all(len(results.found(head, c)) == len(seeds) * len(results.expected.indices(c)) for c in results.conditions)


def _verdict(row: dict, description: Description) -> Verdict:
    kind = NOT_RESOLVED if row["p_holm"] > ALPHA or row["difference"] == 0 else BETTER if row["difference"] > 0 else WORSE
    points = bracket(row["difference"], row["low"], row["high"], sign=True)
    where = of_condition(description, (row["condition"], row["level"]))
    if row["level"] == POOLED:
        where = f"{plain(row['condition'])}, {row['levels']} levels pooled"
    return Verdict(row["other"], where, f"{row['k']} : {row['other_k']} of {row['n']}", points, row["verdict"], kind)
