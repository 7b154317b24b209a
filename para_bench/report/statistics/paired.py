"""Comparing two outcomes of the same scenes: exact McNemar test and interval of the difference."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.special import bdtr

from para_bench.report.statistics.rates import CHECKPOINT, CONFIDENCE, Estimate, Interval, wilson
from para_bench.types import ParaBenchError


class PairCounts(NamedTuple):
    """Scenes by the outcomes of both sides; n is the sum of the four."""

    both: int
    first_only: int
    second_only: int
    neither: int


def pair_counts(first: np.ndarray, second: np.ndarray) -> PairCounts:
    """Counts of two arrays of outcomes (bool, equal shapes); each element is the same scene under two policies or conditions."""
    first, second = np.asarray(first, bool), np.asarray(second, bool)
    if first.shape != second.shape:
        raise ParaBenchError(f"paired outcomes have shapes {first.shape} and {second.shape}; allowed: the same scenes in both")
    cells = (first & second, first & ~second, ~first & second, ~first & ~second)
    return PairCounts(*(int(cell.sum()) for cell in cells))


def mcnemar_p(counts: PairCounts) -> float:
    """Two-sided p of the exact McNemar test: of the scenes that differ, half would favour each (McNemar 1947, Psychometrika 12:153)."""
    differing = counts.first_only + counts.second_only
    return min(1.0, 2 * float(bdtr(min(counts.first_only, counts.second_only), differing, 0.5)))


def paired_difference(counts: PairCounts, confidence: float = CONFIDENCE) -> Estimate:
    """Rate of the first minus rate of the second, in [-1, 1], by Newcombe's method 10.

    Square-and-add of two Wilson intervals with a continuity-corrected correlation (Newcombe 1998, Stat. Med. 17:2635).
    """
    n = sum(counts)
    if n < 1:
        raise ParaBenchError("no shared scenes to compare; allowed: at least one")
    k1, k2 = counts.both + counts.first_only, counts.both + counts.second_only
    value = (counts.first_only - counts.second_only) / n
    down, up = reaches((k1 / n, wilson(k1, n, confidence)), (k2 / n, wilson(k2, n, confidence)), _correlation(counts))
    return Estimate(value, max(value - down, -1.0), min(value + up, 1.0), CHECKPOINT)


def reaches(first: tuple[float, Interval], second: tuple[float, Interval], phi: float) -> tuple[float, float]:
    """How far Newcombe's interval reaches below and above a difference of two rates, each with its interval and both correlated by phi."""
    (p1, (low1, high1)), (p2, (low2, high2)) = first, second
    down1, up1, down2, up2 = p1 - low1, high1 - p1, p2 - low2, high2 - p2
    down = math.sqrt(max(down1**2 - 2 * phi * down1 * up2 + up2**2, 0.0))
    return down, math.sqrt(max(up1**2 - 2 * phi * up1 * down2 + down2**2, 0.0))


def _correlation(counts: PairCounts) -> float:
    """Phi of the 2 x 2 table in [-1, 1], pulled towards 0 by n/2 when positive; 0 where a margin is empty."""
    a, b, c, d = counts
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if margins == 0:
        return 0.0
    product = a * d - b * c
    if product > 0:
        product = max(product - sum(counts) / 2, 0.0)
    return product / math.sqrt(margins)
