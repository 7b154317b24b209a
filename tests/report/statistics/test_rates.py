from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from para_bench.report.statistics.rates import Interval, bracket, percent, wilson
from para_bench.types import ParaBenchError


@pytest.mark.parametrize(
    ("k", "n", "printed"),
    [
        (9, 10, "90.0 [59.6, 98.2]"),
        (40, 50, "80.0 [67.0, 88.8]"),
        (160, 200, "80.0 [73.9, 85.0]"),
        (0, 20, "0 [0, 16.1]"),
        (50, 50, "100 [92.9, 100]"),
    ],
)
def test_reference_values(k: int, n: int, printed: str) -> None:
    assert bracket(k / n, *wilson(k, n)) == printed


@pytest.mark.parametrize("n", [1, 7, 20, 50, 200])
def test_agrees_with_statsmodels(n: int) -> None:
    for k in range(n + 1):
        score: Any = proportion_confint(k, n, method="wilson")
        assert np.allclose(wilson(k, n), score, atol=1e-12)  # round-off


def test_properties() -> None:
    for n in (5, 30):
        for k in range(n + 1):
            low, high = wilson(k, n)
            assert 0 <= low <= k / n <= high <= 1
            mirrored = wilson(n - k, n)
            assert np.allclose((low, high), (1 - mirrored.high, 1 - mirrored.low))
            assert wilson(k, n, 0.99).low <= low
            assert wilson(10 * k, 10 * n).high - wilson(10 * k, 10 * n).low < high - low


def test_wilson_covers_on_average() -> None:
    n = 50  # exact coverage averaged over p, no simulation
    intervals = [wilson(k, n) for k in range(n + 1)]
    grid = np.linspace(0.005, 0.995, 199)
    coverage = [float(binom.pmf([k for k, (low, high) in enumerate(intervals) if low <= p <= high], n, p).sum()) for p in grid]
    assert 0.945 < np.mean(coverage) < 0.965


@pytest.mark.parametrize(("k", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_refuses_impossible_counts(k: int, n: int) -> None:
    with pytest.raises(ParaBenchError, match=f"{k} successes in {n}"):
        wilson(k, n)


def test_text() -> None:
    assert percent(float("nan")) == ""
    assert bracket(0.128, -0.02, 0.26, sign=True) == "+12.8 [-2.0, +26.0]"
    assert bracket(2999 / 3000, *wilson(2999, 3000)) == "99.9 [99.8, 100]"  # not all
    assert bracket(1 / 3000, *wilson(1, 3000)) == "0.1 [0, 0.2]"  # not none
    assert bracket(0.0001, -0.02, 0.02) == "0 [-2.0, 2.0]"  # a gap
    assert Interval(0.2, 0.4).hull(Interval(0.3, 0.5)) == (0.2, 0.5)
