"""The fairness record, with what this version of the suite knows of its heads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from para_bench.benchmarks.profiles import LEARNING_RATES, SEARCHED
from para_bench.heads import HEADS
from para_bench.report.fairness.checkpoint import About
from para_bench.report.fairness.facts import Facts
from para_bench.report.fairness.policies import Policy, known, policies
from para_bench.report.inventory import SplitResults


def about() -> dict[str, About]:
    """Every head: what it sees, and the search for its learning rate."""
    plain = {name: About(getattr(head, "sees", "")) for name, head in HEADS.items()}
    return plain | {name: plain[name]._replace(tried=SEARCHED, taken=rate) for name, rate in LEARNING_RATES.items()}


def known_facts(paths: Iterable[str | Path]) -> dict[str, Facts]:
    """Checkpoint hash -> facts."""
    return known(paths, about())


def policies_of(found: Sequence[SplitResults], facts: dict[str, Facts]) -> list[Policy]:
    """Every trained policy of the results, heads in the order of their tables."""
    order = [head for result in found for head in result.expected.seeds]
    return policies((r for result in found for r in result.records), facts, order, about())
