from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import norm
from statsmodels.stats.contingency_tables import mcnemar

from para_bench.report.statistics.paired import PairCounts, mcnemar_p, pair_counts, paired_difference
from para_bench.report.statistics.rates import wilson
from para_bench.types import ParaBenchError


def tango(counts: PairCounts, confidence: float = 0.95) -> tuple[float, float]:
    """Another paired interval, by inverting Tango's score test on a grid (Tango 1998, Stat. Med. 17:891)."""
    n, b, c = sum(counts), counts.first_only, counts.second_only
    delta = np.linspace(-0.9999, 0.9999, 20001)
    slope = -b - c + (2 * n - b + c) * delta
    second_only = (np.sqrt(np.maximum(slope**2 - 8 * n * (-c * delta * (1 - delta)), 0)) - slope) / (4 * n)
    variance = n * (2 * second_only + delta * (1 - delta))
    inside = delta[np.abs(b - c - n * delta) <= norm.ppf(0.5 + confidence / 2) * np.sqrt(np.maximum(variance, 0))]
    return float(inside.min()), float(inside.max())


def test_pair_counts() -> None:
    assert pair_counts(np.array([1, 1, 0, 0, 1]), np.array([1, 0, 1, 0, 0])) == (1, 2, 1, 1)
    with pytest.raises(ParaBenchError, match="shapes"):
        pair_counts(np.ones(3), np.ones(4))


def test_mcnemar_agrees_with_statsmodels() -> None:
    for b, c in product(range(12), range(12)):
        expected = vars(mcnemar([[5, b], [c, 3]], exact=True))["pvalue"] if b + c else 1.0
        assert mcnemar_p(PairCounts(5, b, c, 3)) == pytest.approx(min(expected, 1.0), abs=1e-12)  # round-off


def test_newcombe_by_hand() -> None:
    # phi is 0 where a margin is empty, so the limits follow from the two Wilson intervals alone.
    assert paired_difference(PairCounts(0, 0, 0, 20))[1:3] == pytest.approx((-wilson(0, 20).high, wilson(0, 20).high))
    assert paired_difference(PairCounts(0, 20, 0, 0)).low == pytest.approx(1 - np.hypot(1 - wilson(20, 20).low, wilson(0, 20).high))
    # Airway reactivity before and after transplantation, 1 1 7 12 (Bentur et al. 2009); ad - bc = 5 <= n/2 makes phi 0 there too.
    assert paired_difference(PairCounts(1, 1, 7, 12))[:3] == pytest.approx((-0.2857, -0.5069, -0.0256), abs=5e-5)


@pytest.mark.parametrize("counts", [(30, 10, 4, 6), (20, 12, 2, 16), (40, 5, 5, 50), (100, 30, 10, 60), (5, 20, 3, 22)])
def test_newcombe_is_close_to_tango(counts: tuple[int, int, int, int]) -> None:
    ours = paired_difference(PairCounts(*counts))
    assert np.allclose((ours.low, ours.high), tango(PairCounts(*counts)), atol=0.025)  # two approximations of one interval, n = 50 .. 200


def test_difference_properties() -> None:
    for counts in product((0, 1, 7), repeat=4):
        if not sum(counts):
            continue
        a, b, c, d = counts
        estimate, swapped = paired_difference(PairCounts(a, b, c, d)), paired_difference(PairCounts(a, c, b, d))
        assert -1 <= estimate.low <= estimate.value <= estimate.high <= 1
        assert np.allclose((estimate.low, estimate.high), (-swapped.high, -swapped.low))
        assert paired_difference(PairCounts(10 * a, 10 * b, 10 * c, 10 * d)).high <= estimate.high + 1e-12  # round-off


def test_agreeing_scenes_tighten_the_interval() -> None:
    apart, alike = paired_difference(PairCounts(25, 25, 25, 25)), paired_difference(PairCounts(49, 1, 1, 49))
    assert alike.high - alike.low < 0.4 * (apart.high - apart.low)


def test_without_scenes_there_is_no_difference() -> None:
    with pytest.raises(ParaBenchError, match="no shared scenes"):
        paired_difference(PairCounts(0, 0, 0, 0))


@pytest.mark.slow
def test_coverage_and_false_alarms() -> None:
    rng = np.random.default_rng(0)  # fixed: a simulation that must not flicker
    trials, n = 4000, 50
    for p1, p2, alike in [(0.7, 0.7, 0.0), (0.7, 0.4, 0.5), (0.9, 0.8, 0.3)]:
        covered = alarms = 0
        for _ in range(trials):
            shared = rng.random(n) < alike  # these scenes draw one uniform number for both, which correlates them
            u, v = rng.random(n), rng.random(n)
            counts = pair_counts(u < p1, np.where(shared, u, v) < p2)
            estimate = paired_difference(counts)
            covered += estimate.low <= p1 - p2 <= estimate.high
            alarms += mcnemar_p(counts) <= 0.05
        assert 0.935 <= covered / trials <= 0.985  # Newcombe's method 10 errs on the wide side
        if p1 == p2:
            assert alarms / trials <= 0.05  # exact, so never above its level
