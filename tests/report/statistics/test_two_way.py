from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from para_bench.report.statistics import seeds
from para_bench.report.statistics.families import ALPHA
from para_bench.report.statistics.paired import mcnemar_p, pair_counts, paired_difference
from para_bench.report.statistics.rates import wilson
from para_bench.report.statistics.retraining import change
from para_bench.report.statistics.two_way import compare, declared, gap, rate
from para_bench.types import ParaBenchError


def successes(*counts: int, n: int = 200, shift: int = 0) -> np.ndarray:
    """(S, 1, n): a run of scenes succeeds for each seed, each one `shift` scenes later than the seed before."""
    return np.array([[((np.arange(n) - i * shift) % n) < k for i, k in enumerate(counts)]]).swapaxes(0, 1)


def drawn(rate: float, *shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random(shape) < rate  # fixed: one draw of outcomes


def test_one_training_each_is_mcnemar_and_newcombe() -> None:
    a, b = drawn(0.6, 1, 1, 100), drawn(0.4, 1, 1, 100, seed=1)
    for found in (compare(a, b), gap(a, b), compare(a[None], b[None])):
        assert found.estimate[:3] == pytest.approx(paired_difference(pair_counts(a, b))[:3])
        assert found.estimate.kind == "checkpoint"
        assert found.p == pytest.approx(mcnemar_p(pair_counts(a, b)))
    assert rate(a) == (a.mean(), *wilson(int(a.sum()), 100), "checkpoint")
    assert declared(1) == seeds.declared(1)


def test_seeds_without_scenes_are_welch() -> None:
    """Scenes that add nothing but noise: the t test of two groups of unequal variance, of unequal sizes."""
    a, b = successes(150, 170, 120), successes(160, 185, 140, 175, 110)
    expected: Any = stats.ttest_ind(a.mean(axis=(1, 2)), b.mean(axis=(1, 2)), equal_var=False)
    found = compare(a, b)
    assert (found.p, found.freedom) == pytest.approx((expected.pvalue, expected.df))
    assert found.estimate[1:3] == pytest.approx(tuple(expected.confidence_interval()))


def test_error_is_that_of_retraining_where_sizes_are_equal() -> None:
    """The gate's formula pools the two variances, which for equal sizes is their mean: the same error, less freedom."""
    a, b = successes(150, 90, 170), np.flip(successes(60, 20, 80), axis=2)
    known, found = change(a, b), compare(a, b)
    assert found.estimate.value == pytest.approx(known.value)
    assert found.freedom < known.freedom
    reach = stats.t.ppf(0.975, found.freedom) * known.error
    assert found.estimate.high == pytest.approx(known.value + reach)


def test_gap_cancels_what_both_conditions_share() -> None:
    """Half of the scenes fail always, one seed is poor: neither says anything about the shift, which costs all seeds the same scenes."""
    control = successes(100, 100, 50)
    shifted = control & (np.arange(200) >= 20)
    same, apart = gap(control, shifted), compare(control, shifted)
    assert same.estimate.value == pytest.approx(apart.estimate.value) == pytest.approx(0.1)
    assert same.p < 0.001 < 0.05 < apart.p


def test_gap_of_several_levels_against_a_control_of_one() -> None:
    control = drawn(0.9, 3, 1, 50)
    shifted = np.concatenate([control, control & drawn(0.5, 3, 1, 50, seed=1)], axis=1)
    found = gap(control, shifted)
    assert found.estimate.value == pytest.approx(control.mean() - shifted.mean())
    assert found == gap(np.repeat(control, 2, axis=1), shifted)._replace(estimate=found.estimate)
    one = gap(control[:1], shifted[:1])
    assert one.estimate.kind == "checkpoint"
    assert one.estimate.low < one.estimate.value < one.estimate.high


def test_sets_are_the_units_however_many_seeds_they_have() -> None:
    a = np.stack([successes(150, 150), successes(120, 120), successes(180, 180)])  # seeds of a set agree
    b = np.stack([successes(100, 100), successes(130, 130), successes(70, 70)])
    found, alone = compare(a, b), compare(a[:, 0], b[:, 0])
    assert found.freedom == pytest.approx(alone.freedom) == pytest.approx(4, abs=0.1)  # sets of equal variance, not trainings
    assert found.p == pytest.approx(alone.p)
    six = compare(a.reshape(6, 1, 200), b.reshape(6, 1, 200))
    assert six.p < found.p
    assert six.freedom > found.freedom


def test_sets_against_a_method_of_one_set_take_their_spread_for_both() -> None:
    a = np.stack([successes(150, 140), successes(120, 130), successes(180, 170)])
    found = compare(a, successes(90, 110))
    assert found.freedom == pytest.approx(2, abs=0.1)
    assert found.estimate.kind == "method"


def test_few_scenes_that_differ_are_judged_exactly() -> None:
    lost = successes(96, 96, 96, n=100)  # the same four scenes for each seed: t has p = 0.045
    everything = np.ones_like(lost)
    for found in (compare(lost, everything), gap(everything, lost)):
        assert found.p == pytest.approx(0.125)
        assert found.estimate.low <= 0 <= found.estimate.high


def test_no_spread_is_no_proof() -> None:
    ones, zeros = np.ones((3, 1, 100), bool), np.zeros((3, 1, 100), bool)
    for found in (compare(ones, ones), gap(ones, ones)):
        assert found.p == 1
        assert found.estimate.low < -0.01 < 0.01 < found.estimate.high
    for found in (compare(ones, zeros), gap(ones, zeros)):
        assert found.p < 1e-20
        assert found.estimate.low < 0.99
    assert rate(ones)[1:3] == wilson(300, 300)


def test_rate_over_seeds_and_scenes() -> None:
    found = rate(successes(60, 100, 140, shift=60))
    assert (found.value, found.kind) == (0.5, "method")
    assert found.high - found.value > stats.t.ppf(0.975, 2) * 0.2 / np.sqrt(3) - 1e-9


def test_antisymmetric_and_blind_to_order() -> None:
    a, b = drawn(0.7, 3, 2, 60), drawn(0.5, 2, 2, 60, seed=1)
    there, back = compare(a, b), compare(b, a)
    assert (there.p, there.freedom) == pytest.approx((back.p, back.freedom))
    assert there.estimate.low == pytest.approx(-back.estimate.high)
    shuffled = np.random.default_rng(0).permutation(60)  # fixed: any order would do
    assert compare(a[::-1, :, shuffled], b[..., shuffled])[1:] == pytest.approx(there[1:])


def test_intervals_and_tests_agree() -> None:
    rng = np.random.default_rng(0)  # fixed: a simulation that must not flicker
    for _ in range(300):
        p = rng.beta(2, 2, (2, 1, 1, 40)) * rng.uniform(0.7, 1, (2, 3, 1, 1))
        a, b = rng.random((2, 3, 1, 40)) < p
        for found in (compare(a, b), gap(a, b)):
            holds_zero = found.estimate.low <= 0 <= found.estimate.high
            assert holds_zero == (found.p > ALPHA)


def test_declared() -> None:
    assert "training seeds x scenes" in declared(3)
    assert "3 demonstration sets x scenes" in declared(6, 3)


@pytest.mark.parametrize(
    ("function", "shapes"),
    [
        (compare, ((3, 1, 9), (3, 1, 8))),
        (compare, ((3, 1, 9), (3, 2, 9))),
        (compare, ((3, 9), (3, 9))),
        (compare, ((0, 1, 9), (3, 1, 9))),
        (gap, ((3, 1, 9), (2, 1, 9))),
        (gap, ((3, 1, 9), (1, 3, 1, 8))),
    ],
)
def test_refuses(function, shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    with pytest.raises(ParaBenchError, match=r"found .*; allowed: "):
        function(*(np.ones(shape) for shape in shapes))
