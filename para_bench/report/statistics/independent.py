"""The narrowest that an interval of a difference may be: as if all episodes of a method were independent.

Newcombe's method 10 (1998, Stat. Med. 17:2635): two Wilson intervals, squared and added, less twice their correlation. The outcomes of
two methods in one scene resemble each other; with several trainings there is no telling which training of one belongs to which of the
other, so the table of both, either and neither is the mean over all pairs of trainings.
"""

from __future__ import annotations

import math

import numpy as np

from para_bench.report.statistics.paired import reaches
from para_bench.report.statistics.rates import Interval, wilson


def difference(first: np.ndarray, second: np.ndarray) -> Interval:
    """Interval for policies trained apart, (D, S, C, N) each, with the same C and N."""
    a, b = (np.asarray(values, float).reshape(-1, *values.shape[2:]) for values in (first, second))
    both = float((a.mean(axis=0) * b.mean(axis=0)).mean())
    # Only as many pairs as the smaller side has trainings are independent.
    matched = math.sqrt(min(len(a), len(b)) / max(len(a), len(b)))
    return _newcombe(both, (float(a.mean()), a.size), (float(b.mean()), b.size), matched)


def paired_difference(first: np.ndarray, second: np.ndarray) -> Interval:
    """Interval for the same policies in the same scenes, (D, S, C, N) each; only C may differ."""
    a, b = np.asarray(first, float), np.asarray(second, float)
    both = float((a.mean(axis=2) * b.mean(axis=2)).mean())
    matched = math.sqrt(min(a.size, b.size) / max(a.size, b.size))  # as many pairs as the side with fewer levels has
    return _newcombe(both, (float(a.mean()), a.size), (float(b.mean()), b.size), matched)


def _newcombe(both: float, first: tuple[float, int], second: tuple[float, int], matched: float) -> Interval:
    """Interval of two rates, each with its number of episodes; `both` is the share of pairs in which both succeed."""
    (p1, n1), (p2, n2) = first, second
    phi = matched * _correlation(both, p1, p2, min(n1, n2))
    down, up = reaches((p1, wilson(round(p1 * n1), n1)), (p2, wilson(round(p2 * n2), n2)), phi)
    return Interval(p1 - p2 - down, p1 - p2 + up)


def _correlation(both: float, p1: float, p2: float, n: int) -> float:
    """Phi in [-1, 1], pulled towards 0 by half a pair when positive (as `paired_difference` does); 0 where a margin is empty."""
    margins = p1 * (1 - p1) * p2 * (1 - p2)
    product = both - p1 * p2
    if product > 0:
        product = max(product - 0.5 / n, 0.0)
    return product / math.sqrt(margins) if margins > 1e-12 else 0.0
