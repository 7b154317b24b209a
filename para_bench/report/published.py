"""Published success rates beside ours."""

from __future__ import annotations

import csv
from importlib import resources
from typing import NamedTuple

from para_bench.report import seeds
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.paper import Grid, Row
from para_bench.report.rates import bracket, wilson
from para_bench.report.roster import POOLED, Group

HEADS = {"para": "para", "baseline": "global_token"}
"""Column of the file -> our head: the baseline is a pooled token, whatever its authors call it."""
COLUMNS = ("demos", "published PARA", "published pooled token", "our condition", "our demos", "our para", "our global_token")


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
    """Our condition that comes nearest."""
    level: str
    """Its level; `all` pools them."""


def claims() -> list[Claim]:
    """Every published figure that the package carries."""
    text = (resources.files("para_bench") / "assets" / "published.csv").read_text(encoding="utf-8")
    return [Claim(**row) for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))]


def grid(results: list[SplitResults]) -> Grid | None:
    """Published figures of the splits at hand; None where nothing was published about them."""
    by_split = {result.split: result for result in results}
    rows = [_row(claim, by_split[claim.split]) for claim in claims() if claim.split in by_split]
    sources = dict.fromkeys(claim.source for claim in claims() if claim.split in by_split)
    caption = (
        "Published success rates in %, as their authors printed them (other robots, scenes and backbones; brackets: Wilson 95 % where "
        "the number of trials is stated, most do not state it), and the nearest condition measured here, k/n, % [95 %]. "
        f"Sources: {'; '.join(sources)}."
    )
    return Grid("published", ("claim", "platform"), COLUMNS, tuple(rows), caption) if rows else None


def _row(claim: Claim, results: SplitResults) -> Row:
    group = _group(claim, results)
    ours = [_ours(results, head, group) for head in HEADS.values()]
    name = f"{group.condition} {group.level}" if group else "not run"
    demos = results.roster.trained_on(HEADS["para"], group) if group and HEADS["para"] in results.expected.seeds else ""
    cells = (claim.demos, _theirs(claim.para, claim.n), _theirs(claim.baseline, claim.n), name, demos, *ours)
    return Row(f"{claim.split}: {claim.claim}", claim.platform, cells, (False,) * len(cells))


def _theirs(value: str, n: str) -> str:
    if not value or not n:
        return value
    return bracket(float(value) / 100, *wilson(round(float(value) * int(n) / 100), int(n)))


def _ours(results: SplitResults, head: str, group: Group | None) -> str:
    if group is None or head not in results.expected.seeds:
        return ""
    outcomes = results.roster.outcomes(head, group)
    return f"{outcomes.sum()}/{outcomes.size}, {bracket(*seeds.rate(outcomes)[:3])}"


def _group(claim: Claim, results: SplitResults) -> Group | None:
    """The rows of ours that a claim stands beside; a claim without a condition stands beside all but the control."""
    members = tuple(
        (condition, level)
        for condition, level in results.expected.scenes
        if (condition == claim.condition if claim.condition else (condition, level) != CONTROL) and claim.level in (POOLED, level)
    )
    return Group(claim.condition or "shifted", claim.level, members) if members else None
