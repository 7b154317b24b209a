"""What a figure is drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from para_bench.records.factors import Factor
from para_bench.report.checkpoints import Cost
from para_bench.report.figures.style import Look, looks
from para_bench.report.inventory import SplitResults
from para_bench.report.layout import natural
from para_bench.report.pooling import shifted
from para_bench.report.roster import POOLED, ConditionKey, Group
from para_bench.report.statistics.rates import Estimate


class Absent(Exception):  # noqa: N818 - not an error: the figure is skipped
    """The records that a figure needs are not there; says in one line which."""


@dataclass(frozen=True)
class Source:
    """Everything at hand."""

    results: list[SplitResults]
    costs: Mapping[str, Cost] = field(default_factory=dict)
    """By checkpoint hash; only the cost figure reads them."""

    @property
    def looks(self) -> dict[str, Look]:
        """Of every learned head of every split, so that a head keeps its colour from figure to figure."""
        return looks(list(dict.fromkeys(head for result in self.results for head in result.learned)))

    def factors(self, kind: str) -> Iterator[tuple[SplitResults, Factor]]:
        """Splits that test a factor of this kind, with the factor; splits without a trained head are left out."""
        for result in self.results:
            for name in factors(result) if result.learned else ():
                factor = result.description.factor(name)
                if factor.kind == kind:
                    yield result, factor


def levels(result: SplitResults, factor: str) -> list[ConditionKey]:
    """The conditions of a factor, levels ascending."""
    return sorted((c for c in result.expected.scenes if c[0] == factor), key=lambda c: natural(c[1]))


def factors(result: SplitResults) -> list[str]:
    """Factors of a split without its control, in the order of rows."""
    return list(dict.fromkeys(condition for condition, _ in result.expected.scenes if condition != "id"))


def pooled(result: SplitResults, factor: str) -> Group:
    """All levels of a factor as one row, but for a dose of 0."""
    members = shifted([c for c in result.expected.scenes if c[0] == factor])
    return Group(factor, members[0][1] if len(members) == 1 else POOLED, members)


def single(condition: ConditionKey) -> Group:
    return Group(*condition, (condition,))


def estimate(result: SplitResults, head: str, group: Group) -> tuple[Estimate, list[float]]:
    """The rate with its interval, and the mean of each training seed."""
    roster, outcomes = result.roster, result.roster.outcomes(head, group)
    return roster.methods.rate(roster.nested(head, outcomes)), outcomes.mean(axis=(1, 2)).tolist()


def words(name: str) -> str:
    """ "left_to_right" -> "left to right"."""
    return name.replace("_", " ")


def bars(estimates: list[Estimate]) -> np.ndarray:
    """Error bars (2, N) for matplotlib: distances below and above the values."""
    return np.array([[max(e.value - e.low, 0) for e in estimates], [max(e.high - e.value, 0) for e in estimates]])
