"""Estimates over several training seeds, and over scenes that were met more than once.

Outcome arrays have shape (S, C, N): training seeds, levels of a condition, scenes. The unit over which an estimate
generalises is the training seed where S > 1 (label `method`), else the scene (label `checkpoint`). Episodes of one seed, or
of one scene at many levels, resemble each other, so counting them as independent would claim too much: the interval is a t
interval over unit means. It is never narrower than the interval that takes all episodes as independent: a few units
that agree by chance leave no spread to estimate from.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from para_bench.report.paired import mcnemar_p, pair_counts, paired_difference
from para_bench.report.rates import CHECKPOINT, CONFIDENCE, METHOD, Estimate, Interval, wilson
from para_bench.types import ParaBenchError


def t_interval(means: np.ndarray, low: float = 0.0, high: float = 1.0, confidence: float = CONFIDENCE) -> Interval:
    """Student's t interval of the mean of unit means, shape (U,), clipped to [low, high]; all of [low, high] for one unit."""
    means = np.asarray(means, float)
    if means.size < 2:
        return Interval(low, high)
    reach = stats.t.ppf(0.5 + confidence / 2, means.size - 1) * means.std(ddof=1) / math.sqrt(means.size)
    return Interval(max(float(means.mean() - reach), low), min(float(means.mean() + reach), high))


def rate(outcomes: np.ndarray, confidence: float = CONFIDENCE) -> Estimate:
    """Success rate of outcomes (S, C, N). One seed and one level: Wilson."""
    outcomes = _checked(outcomes)
    interval = wilson(int(outcomes.sum()), outcomes.size, confidence)
    means = _unit_means(outcomes)
    if means is not None:
        interval = interval.hull(t_interval(means, 0.0, 1.0, confidence))
    return Estimate(float(outcomes.mean()), *interval, kind(outcomes))


def difference(first: np.ndarray, second: np.ndarray, confidence: float = CONFIDENCE) -> Estimate:
    """Rate of `first` minus rate of `second`, both (S, C, N) and paired element by element. One seed and one level: Newcombe 10."""
    first, second = _checked(first), _checked(second)
    pooled = paired_difference(pair_counts(first, second), confidence)
    interval = Interval(pooled.low, pooled.high)
    means = _unit_means(first.astype(float) - second)
    if means is not None:
        interval = interval.hull(t_interval(means, -1.0, 1.0, confidence))
    return Estimate(pooled.value, *interval, kind(first))


def difference_p(first: np.ndarray, second: np.ndarray) -> float:
    """Two-sided p that both rates are equal. One seed and one level: exact McNemar.

    With more units: the larger of that (episodes as independent) and of the paired t test over unit means.
    """
    first, second = _checked(first), _checked(second)
    p = mcnemar_p(pair_counts(first, second))
    means = _unit_means(first.astype(float) - second)
    if means is None:
        return p
    if means.size < 2:
        return 1.0  # one unit says nothing about others
    if np.ptp(means) < 1e-9:
        return p  # no spread, so no t test; McNemar decides
    return max(p, float(np.asarray(stats.ttest_1samp(means, 0.0))[1]))


def kind(outcomes: np.ndarray) -> str:
    """`method` for outcomes (S, C, N) of several training seeds, else `checkpoint`."""
    return METHOD if outcomes.shape[0] > 1 else CHECKPOINT


def _unit_means(values: np.ndarray) -> np.ndarray | None:
    """(S,) for several seeds, (N,) for several levels of the same scenes, None where every episode is a unit of its own."""
    if values.shape[0] > 1:
        return values.mean(axis=(1, 2))
    return values.mean(axis=(0, 1)) if values.shape[1] > 1 else None


def _checked(outcomes: np.ndarray) -> np.ndarray:
    outcomes = np.asarray(outcomes, bool)
    if outcomes.ndim != 3 or outcomes.size == 0:
        raise ParaBenchError(f"outcomes have shape {outcomes.shape}; allowed: (seeds, levels, scenes), none of them 0")
    return outcomes
