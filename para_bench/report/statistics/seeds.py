"""Estimates over several training seeds, and over scenes that were tested more than once.

Outcome arrays have shape (S, C, N): training seeds, levels of a condition, scenes. An estimate generalises over training seeds
where S > 1 (label `method`), and over scenes. Episodes of one seed resemble each other, and so do those of one scene that several
seeds or levels meet, so counting them as independent would claim too much. The interval is therefore the hull of three: a t interval
over seed means, one over scene means, and the one that takes all episodes as independent (a few units that agree by chance leave no
spread to estimate from). A p-value is the largest of the same three. By simulation (`tests/report/statistics/test_seeds.py`) that keeps
to 5 % false alarms where seeds, scenes or both differ.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import stdtr, stdtrit

from para_bench.report.statistics.paired import mcnemar_p, pair_counts, paired_difference
from para_bench.report.statistics.rates import CHECKPOINT, CONFIDENCE, METHOD, Estimate, Interval, wilson
from para_bench.types import ParaBenchError


def t_interval(means: np.ndarray, low: float = 0.0, high: float = 1.0, confidence: float = CONFIDENCE) -> Interval:
    """Student's t interval of the mean of unit means, shape (U,), clipped to [low, high]; all of [low, high] for one unit."""
    means = np.asarray(means, float)
    if means.size < 2:
        return Interval(low, high)
    reach = stdtrit(means.size - 1, 0.5 + confidence / 2) * means.std(ddof=1) / math.sqrt(means.size)
    return Interval(max(float(means.mean() - reach), low), min(float(means.mean() + reach), high))


def t_interval_of_units(values: np.ndarray) -> Interval:
    """t interval over units' own estimates of a size or an error, in [0, inf); empty for one unit, or where one has no finite estimate."""
    if values.size < 2 or not np.isfinite(values).all():
        return Interval(math.inf, -math.inf)
    return t_interval(values, 0.0, math.inf)


def rate(outcomes: np.ndarray) -> Estimate:
    """Success rate of outcomes (S, C, N). One seed and one level: Wilson."""
    outcomes = _checked(outcomes)
    interval = wilson(int(outcomes.sum()), outcomes.size)
    for means in _unit_means(outcomes):
        interval = interval.hull(t_interval(means))
    return Estimate(float(outcomes.mean()), *interval, kind(outcomes))


def difference(first: np.ndarray, second: np.ndarray, confidence: float = CONFIDENCE) -> Estimate:
    """Rate of `first` minus rate of `second`, both (S, C, N) and paired element by element. One seed and one level: Newcombe 10."""
    first, second = _checked(first), _checked(second)
    pooled = paired_difference(pair_counts(first, second), confidence)
    interval = Interval(pooled.low, pooled.high)
    for means in _unit_means(first.astype(float) - second):
        interval = interval.hull(t_interval(means, -1.0, 1.0, confidence))
    return Estimate(pooled.value, *interval, kind(first))


def difference_p(first: np.ndarray, second: np.ndarray) -> float:
    """Two-sided p that both rates are equal. One seed and one level: exact McNemar.

    With more: the largest of that (episodes as independent), of the paired t test over seed means and of the one over scene means.
    """
    first, second = _checked(first), _checked(second)
    ps = [_t_test(means) for means in _unit_means(first.astype(float) - second)]
    return max([mcnemar_p(pair_counts(first, second)), *ps])


def declared(trainings: int) -> str:
    """Name of the test of `difference_p`, for captions."""
    return "exact McNemar" if trainings == 1 else "exact McNemar and paired t tests over training seeds and over scenes, all of them"


def kind(outcomes: np.ndarray) -> str:
    """`method` for outcomes (S, C, N) of several training seeds, else `checkpoint`."""
    return METHOD if outcomes.shape[0] > 1 else CHECKPOINT


def _unit_means(values: np.ndarray) -> list[np.ndarray]:
    """Means (S,) of seeds if there are several, and (N,) of scenes if they recur; none where each episode is a unit."""
    seeds, levels, _ = values.shape
    by_seed = [values.mean(axis=(1, 2))] if seeds > 1 else []
    return by_seed + ([values.mean(axis=(0, 1))] if seeds * levels > 1 else [])


def _t_test(means: np.ndarray) -> float:
    """p that their mean is 0; one unit says nothing about others, where units have no spread, McNemar decides."""
    if means.size < 2:
        return 1.0
    if np.ptp(means) < 1e-9:
        return 0.0
    t = means.mean() / (means.std(ddof=1) / math.sqrt(means.size))
    return float(2 * stdtr(means.size - 1, -abs(t)))


def _checked(outcomes: np.ndarray) -> np.ndarray:
    outcomes = np.asarray(outcomes, bool)
    if outcomes.ndim != 3 or outcomes.size == 0:
        raise ParaBenchError(f"outcomes have shape {outcomes.shape}; allowed: (seeds, levels, scenes), none of them 0")
    return outcomes
