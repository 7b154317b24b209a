"""The inputs of a figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from matplotlib.axes import Axes

from para_bench.records.factors import Factor
from para_bench.report.checkpoints import Cost
from para_bench.report.figures.style import HALF_WIDTH_IN, WIDTH_IN
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.levels import single
from para_bench.report.looks import BLACK, Look, looks
from para_bench.report.roster import ConditionKey, Group
from para_bench.report.statistics.rates import Estimate
from para_bench.report.tables.contrasts import Wanted


class Absent(Exception):  # noqa: N818 - not an error: the figure is skipped
    """Records that a figure needs are missing; the message says which in one line."""


@dataclass(frozen=True)
class Declared:
    """What a suite declared before its first episode: heads that differ in one column at a time, and the contrasts between them."""

    suite: str
    columns: Mapping[str, Sequence[str]]
    """The values of each column, two or more."""
    heads: Mapping[str, Mapping[str, str]]
    """By head, in the order of rows: its value in each column."""
    conditions: Sequence[tuple[str, str]]
    """Split and factor; all levels of the factor are pooled, but for 0."""
    contrasts: Sequence[Wanted]
    """All contrasts on all conditions, one family."""
    alpha: float
    floor: float


@dataclass(frozen=True)
class Source:
    """All inputs of the figures."""

    results: list[SplitResults]
    costs: Mapping[str, Cost] = field(default_factory=dict)
    """By checkpoint hash; only the cost figure reads them."""
    declared: Sequence[Declared] = ()
    """Declarations of suites; drawn where there are records of all their heads."""
    columns: Literal[1, 2] = 2
    """Columns of a conference page that a figure spans."""

    @property
    def width_in(self) -> float:
        return WIDTH_IN if self.columns == 2 else HALF_WIDTH_IN

    @property
    def looks(self) -> dict[str, Look]:
        """Look of every learned head of every split, so that a head keeps its colour from figure to figure."""
        return looks(list(dict.fromkeys(head for result in self.results for head in result.learned)))

    def lacks(self, declared: Declared) -> str:
        """Why a declared suite cannot be drawn; empty where it can."""
        if missing := [head for head in declared.heads if head not in self.looks]:
            return f"needs every head of suite {declared.suite}, and there are no records of {', '.join(missing)}"
        named = list(dict.fromkeys(split for split, _ in declared.conditions))
        if {result.split for result in self.results}.isdisjoint(named):
            return f"needs a split that suite {declared.suite} names: {', '.join(named)}"
        return ""

    def factors(self, kind: str) -> Iterator[tuple[SplitResults, Factor]]:
        """Splits that test a factor of this kind, with the factor; splits without a trained head are left out."""
        for result in self.results:
            for name in factors(result) if result.learned else ():
                factor = result.description.factor(name)
                if factor.kind == kind:
                    yield result, factor


def factors(result: SplitResults) -> list[str]:
    """Factors of a split without its control, in the order of rows."""
    return list(dict.fromkeys(condition for condition, _ in result.expected.scenes if condition != "id"))


def estimate(result: SplitResults, head: str, group: Group) -> tuple[Estimate, list[float]]:
    """The rate with its interval, and the mean of each training seed."""
    roster, outcomes = result.roster, result.roster.outcomes(head, group)
    return roster.methods.rate(roster.nested(head, outcomes)), outcomes.mean(axis=(1, 2)).tolist()


def control_estimate(result: SplitResults, head: str, members: Sequence[ConditionKey]) -> tuple[Estimate, list[float]] | None:
    """`estimate` of the control in the scenes of these conditions, which may be some of the control's; None where they share none."""
    among = {i for member in members for i in result.expected.indices(member)}
    columns = [column for column, i in enumerate(result.expected.indices(CONTROL)) if i in among]
    if not columns:
        return None
    roster, outcomes = result.roster, result.roster.outcomes(head, single(CONTROL))[..., columns]
    return roster.methods.rate(roster.nested(head, outcomes)), outcomes.mean(axis=(1, 2)).tolist()


def pages(heads: Sequence[str], most: int) -> list[Sequence[str]]:
    """Heads in order, about equally many a page, at most `most`."""
    count = -(-len(heads) // max(1, most))
    return [heads[page * len(heads) // count : (page + 1) * len(heads) // count] for page in range(count)]


def numbered(name: str, page: int) -> str:
    """ "reasons", "reasons_2", ... for pages 0, 1, ..."""
    return f"{name}_{page + 1}" if page else name


def words(name: str) -> str:
    """ "left_to_right" -> "left to right"."""
    return name.replace("_", " ")


def bars(estimates: list[Estimate]) -> np.ndarray:
    """Error bars (2, N) for matplotlib: distances below and above the values."""
    return np.array([[max(e.value - e.low, 0) for e in estimates], [max(e.high - e.value, 0) for e in estimates]])


def point(axes: Axes, found: Estimate, look: Look, y: float, size: float = 3.4) -> None:
    """A rate with its interval lying on a row, in the look of its head; `size` of the marker [pt]."""
    axes.errorbar(
        found.value,
        y,
        xerr=bars([found]),
        color=look.colour,
        marker=look.marker,
        markersize=size,
        markeredgecolor=BLACK,
        markeredgewidth=0.3,
        elinewidth=0.8,
        capsize=1.2,
        capthick=0.6,
    )
