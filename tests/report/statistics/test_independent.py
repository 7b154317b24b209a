from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from para_bench.report.statistics.independent import difference, paired_difference
from para_bench.report.statistics.paired import pair_counts
from para_bench.report.statistics.paired import paired_difference as newcombe


def drawn(rate: float, *shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random(shape) < rate  # fixed: one draw of outcomes


def test_one_training_each_is_newcombe() -> None:
    shared = drawn(0.5, 1, 1, 1, 80)
    a, b = shared | drawn(0.3, 1, 1, 1, 80, seed=1), shared & drawn(0.7, 1, 1, 1, 80, seed=2)
    expected = newcombe(pair_counts(a, b))[1:3]
    assert difference(a, b) == pytest.approx(expected)
    assert paired_difference(a, b) == pytest.approx(expected)


def test_same_policies_pair_each_training_with_itself() -> None:
    a = drawn(0.5, 3, 2, 1, 80)
    b = a & drawn(0.8, 3, 2, 1, 80, seed=1)
    assert paired_difference(a, b) == pytest.approx(newcombe(pair_counts(a, b))[1:3])
    paired, apart = paired_difference(a, b), difference(a, b)
    assert paired.high - paired.low < 0.9 * (apart.high - apart.low)


def test_methods_that_never_fail_together_are_two_groups() -> None:
    """Nothing shared: Newcombe's interval of two independent rates, of unequal numbers of trainings."""
    a, b = np.ones((1, 3, 1, 50), bool), drawn(0.7, 1, 5, 1, 50)
    counts = int(a.sum()), a.size, int(b.sum()), b.size
    assert difference(a, b) == pytest.approx(confint_proportions_2indep(*counts, method="newcomb", compare="diff", alpha=0.05))


def test_levels_may_differ_between_control_and_condition() -> None:
    a, b = drawn(0.9, 1, 3, 1, 50), drawn(0.6, 1, 3, 4, 50, seed=1)
    few, many = paired_difference(a, b[:, :, :1]), paired_difference(a, b)
    assert many.high - many.low < few.high - few.low
