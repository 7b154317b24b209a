"""Published success rates beside ours."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib import resources
from typing import NamedTuple

from para_bench.report.fairness.alike import unlike
from para_bench.report.inventory import SplitResults
from para_bench.report.roster import POOLED, Group
from para_bench.report.statistics.families import holm, verdict
from para_bench.report.statistics.rates import bracket, wilson
from para_bench.report.tables.paper import Grid, Row

HEADS = {"para": "para", "baseline": "global_token"}
"""Column of the file -> our head: the published baseline is a pooled token."""
COLUMNS = (
    "demos",
    "published PARA",
    "published pooled token",
    "our condition",
    "our demos",
    "our para",
    "our global_token",
    "verdict on para",
)


class Claim(NamedTuple):
    """One row of assets/published.csv; an empty string is "not stated"."""

    split: str
    claim: str
    platform: str
    demos: str
    para: str
    baseline: str
    n: str
    source: str
    condition: str
    """Our condition that comes nearest; empty where the suite has no such task."""
    level: str
    """Its level; `all` pools them."""


def claims() -> list[Claim]:
    """Every published figure that the package carries."""
    text = (resources.files("para_bench") / "assets" / "published.csv").read_text(encoding="utf-8")
    return [Claim(**row) for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))]


def grid(results: list[SplitResults]) -> Grid | None:
    """Published figures of the splits at hand; None where nothing was published about them."""
    by_split = {result.split: result for result in results}
    here = [claim for claim in claims() if claim.split in by_split]
    found = _verdicts({(claim.split, group): by_split[claim.split] for claim in here if (group := _group(claim, by_split[claim.split]))})
    rows = [_row(claim, by_split[claim.split], found) for claim in here]
    sources = dict.fromkeys(claim.source for claim in here)
    caption = (
        "Published success rates in %, as their authors printed them (other robots, scenes and backbones; brackets: Wilson 95 % where "
        "the number of trials is stated, most do not state it), and the nearest condition measured here, k/n, % [95 %]. "
        f"{_declared(results, len(found))}Sources: {'; '.join(sources)}."
    )
    return Grid("published", ("claim", "platform"), COLUMNS, tuple(rows), caption) if rows else None


def _verdicts(compared: Mapping[tuple[str, Group], SplitResults]) -> dict[tuple[str, Group], str]:
    """Verdicts on our two heads in each condition that is compared with a claim; one family, Holm-adjusted."""
    both = {key: results for key, results in compared.items() if _comparable(results)}
    pairs = {key: [results.roster.units(head, key[1]) for head in HEADS.values()] for key, results in both.items()}
    tested = {key: both[key].roster.methods.compare(*pair) for key, pair in pairs.items()}
    words = {}
    for (key, (found, _, _)), p in zip(tested.items(), holm([each.p for each in tested.values()]), strict=True):
        trainings, scenes = len(both[key].expected.seeds[HEADS["para"]]), pairs[key][0].shape[-1]
        words[key] = f"{bracket(*found[:3], sign=True)}, {verdict(found.value, p, scenes, found.kind, trainings)}"
    return words


def _comparable(results: SplitResults) -> bool:
    """Whether both heads are there, and differ in nothing else."""
    return set(HEADS.values()) <= set(results.expected.seeds) and not unlike(results.roster, *HEADS.values())


def _declared(results: list[SplitResults], tests: int) -> str:
    if not tests:
        return ""
    if (roster := results[0].roster).methods.nests:
        trained = [
            (len(one.expected.seeds[head]), one.roster.sets(head))
            for one in results
            for head in HEADS.values()
            if head in one.expected.seeds
        ]
        test = roster.methods.declared(*max(trained))
        return (
            f"Last column: difference in points on the same scenes, and the verdict of {test}; Holm over the {tests} conditions compared. "
        )
    return (
        "Last column: difference in points on the same scenes, and the verdict of exact McNemar, with several training seeds also of the "
        f"paired t tests over seeds and over scenes; Holm over the conditions compared, {tests} in all. "
    )


def _row(claim: Claim, results: SplitResults, verdicts: Mapping[tuple[str, Group], str]) -> Row:
    group = _group(claim, results)
    ours = [_ours(results, head, group) for head in HEADS.values()]
    name = f"{group.condition} {group.level}" if group else "not run" if claim.condition else "no such task"
    demos = results.roster.trained_on(HEADS["para"], group) if group and HEADS["para"] in results.expected.seeds else ""
    said = verdicts.get((claim.split, group), "") if group else ""
    cells = (claim.demos, _theirs(claim.para, claim.n), _theirs(claim.baseline, claim.n), name, demos, *ours, said)
    return Row(f"{claim.split}: {claim.claim}", claim.platform, cells, (False,) * len(cells))


def _theirs(value: str, n: str) -> str:
    if not value or not n:
        return value
    return bracket(float(value) / 100, *wilson(round(float(value) * int(n) / 100), int(n)))


def _ours(results: SplitResults, head: str, group: Group | None) -> str:
    if group is None or head not in results.expected.seeds:
        return ""
    outcomes = results.roster.units(head, group)
    return f"{outcomes.sum()}/{outcomes.size}, {bracket(*results.roster.methods.rate(outcomes)[:3])}"


def _group(claim: Claim, results: SplitResults) -> Group | None:
    """Our rows that a claim is compared with."""
    members = tuple(c for c in results.expected.scenes if c[0] == claim.condition and claim.level in (POOLED, c[1]))
    return Group(claim.condition, claim.level, members) if members else None
