"""Which statistics the tables of a suite version use: released tables keep theirs, newer ones have the two-way model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from para_bench.report.statistics import seeds, two_way
from para_bench.report.statistics.rates import Estimate
from para_bench.report.statistics.two_way import Comparison

FIRST_VERSION = "1"
"""Suite version of the released tables."""


@dataclass(frozen=True)
class Methods:
    """Statistics of one suite version. Outcomes have shape (S, C, N), or (D, S, C, N) where `nests`."""

    nests: bool
    """Whether demonstration sets are an axis of their own, and rows have errors, floor marks, half-doses and declared families."""
    rate: Callable[[np.ndarray], Estimate]
    """Success rate of a method."""
    compare: Callable[[np.ndarray, np.ndarray], Comparison]
    """Rate of the first method minus that of the second, and p that both are equal."""
    gap: Callable[[np.ndarray, np.ndarray], Comparison]
    """Rate of the control minus that under a shift, of the same policies in the same scenes."""
    declared: Callable[[int, int], str]
    """Name of the test of `compare`, by the numbers of trainings and of demonstration sets."""


def methods(suite_version: str) -> Methods:
    """Statistics of a suite version's tables; the version is text, as in records."""
    return _FIRST if suite_version == FIRST_VERSION else _SECOND


def _paired(first: np.ndarray, second: np.ndarray) -> Comparison:
    """Version 1's test of paired outcomes, (S, C, N) each."""
    return Comparison(seeds.difference(first, second), seeds.difference_p(first, second), float("nan"))


_FIRST = Methods(
    nests=False,
    rate=seeds.rate,
    compare=_paired,
    gap=lambda control, shifted: _paired(np.broadcast_to(control, shifted.shape), shifted),
    declared=lambda trainings, sets: seeds.declared(trainings),
)
_SECOND = Methods(nests=True, rate=two_way.rate, compare=two_way.compare, gap=two_way.gap, declared=two_way.declared)
