"""The fairness record, with what this version of the suite knows of its heads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from para_bench.benchmarks.chosen import searches_of
from para_bench.benchmarks.profiles import LEARNING_RATES, SEARCHED
from para_bench.commands.parts.heads import told
from para_bench.heads import BUILTIN, HEADS, find_head
from para_bench.report.fairness.checkpoint import About
from para_bench.report.fairness.facts import Facts
from para_bench.report.fairness.policies import PolicyFacts, known, policies
from para_bench.report.inventory import SplitResults
from para_bench.types import ParaBenchError


class Heads(Mapping[str, About]):
    """Every head, plug-ins too: what it sees, and the search for its learning rate. Without those that are not at hand."""

    def __init__(self, out: Path | None = None) -> None:
        """`out`: results folder whose table of searches speaks for heads that the package's does not have."""
        self._out = out

    def __getitem__(self, head: str) -> About:
        try:
            sees = told(head).sees if head in BUILTIN else getattr(find_head(head), "sees", "")
        except ParaBenchError:
            raise KeyError(head) from None
        first = (SEARCHED, LEARNING_RATES[head]) if head in LEARNING_RATES else ("none", None)
        return About(sees, *first, searches_of(head, self._out))

    def __iter__(self) -> Iterator[str]:
        return iter(HEADS)

    def __len__(self) -> int:
        return len(HEADS)


ABOUT = Heads()


def known_facts(paths: Iterable[str | Path]) -> dict[str, Facts]:
    """Checkpoint hash -> facts."""
    return known(paths, ABOUT)


def policies_of(found: Sequence[SplitResults], facts: Mapping[str, Facts]) -> list[PolicyFacts]:
    """Every trained policy of the results, heads in the order of their tables."""
    order = [head for result in found for head in result.expected.seeds]
    return policies((r for result in found for r in result.records), facts, order, ABOUT)
