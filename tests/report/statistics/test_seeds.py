from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from para_bench.report.statistics.paired import mcnemar_p, pair_counts, paired_difference
from para_bench.report.statistics.rates import wilson
from para_bench.report.statistics.seeds import difference, difference_p, rate, t_interval
from para_bench.types import ParaBenchError


def outcomes(*successes: int, n: int = 50) -> np.ndarray:
    """(S, 1, n): the first `successes` scenes of each seed succeed."""
    return np.array([[np.arange(n) < k] for k in successes])


def test_t_interval_agrees_with_scipy() -> None:
    means = np.array([0.62, 0.70, 0.58, 0.81, 0.66])
    expected = stats.ttest_1samp(means, 0).confidence_interval(0.95)
    assert np.allclose(t_interval(means), (expected.low, expected.high))
    assert t_interval(np.array([0.1, 0.9])) == (0, 1)
    assert t_interval(np.array([0.5])) == (0, 1)


def test_one_seed_is_wilson_and_newcombe() -> None:
    first, second = outcomes(40), outcomes(31)
    assert rate(first) == (0.8, *wilson(40, 50), "checkpoint")
    assert difference(first, second) == paired_difference(pair_counts(first, second))
    assert difference_p(first, second) == mcnemar_p(pair_counts(first, second))


def test_several_seeds_are_a_method() -> None:
    found = rate(outcomes(20, 30, 45, 38, 26))
    assert found.kind == "method"
    assert found.value == pytest.approx(159 / 250)
    assert (found.low, found.high) == pytest.approx(t_interval(np.array([20, 30, 45, 38, 26]) / 50))


def test_seeds_that_agree_are_no_point() -> None:
    assert rate(outcomes(50, 50, 50))[1:3] == wilson(150, 150)
    gap = difference(outcomes(50, 50), outcomes(0, 0))
    assert gap[:3] == paired_difference(pair_counts(outcomes(50, 50), outcomes(0, 0)))[:3]
    assert difference_p(outcomes(50, 50), outcomes(0, 0)) < 1e-6
    assert difference_p(outcomes(50, 50), outcomes(50, 50)) == 1


def test_levels_that_share_scenes_count_scenes() -> None:
    by_scene = np.zeros((1, 64, 10), bool)
    by_scene[..., :5] = True  # half of the scenes always succeed: 640 episodes, but only 10 scenes
    found = rate(by_scene)
    assert found.kind == "checkpoint"
    assert found.high - found.low > 0.6 > 6 * (wilson(320, 640).high - wilson(320, 640).low)
    assert difference_p(by_scene, np.zeros_like(by_scene)) == pytest.approx(np.asarray(stats.ttest_1samp([1.0] * 5 + [0.0] * 5, 0))[1])
    assert difference_p(by_scene[..., :1], ~by_scene[..., :1]) == 1  # one scene says nothing about others


def test_scenes_that_several_seeds_meet_count_once() -> None:
    lost = outcomes(95, 95, 95, n=100)  # the same 5 scenes, three times
    everything = np.ones_like(lost)
    assert difference_p(lost[:1], everything[:1]) == 0.0625
    assert 0.01 < difference_p(lost, everything) < 0.0625
    assert difference(everything, lost).low < 0.01
    assert rate(outcomes(50, 50, 50, n=100)).low < 0.41  # of 100 scenes, not of 300 episodes: Wilson's low is 0.44


def test_pooling_over_seeds_claims_too_much_and_t_does_not() -> None:
    """Pooling 3 seeds x 100 episodes covers about 68 % of the time."""
    rng = np.random.default_rng(0)  # fixed: a simulation that must not flicker
    trials, truth, pooled, ours = 1500, 0.6, 0, 0
    for _ in range(trials):
        p = np.clip(rng.normal(truth, 0.07, 3), 0, 1)  # sd of true rates over training seeds
        drawn = rng.random((3, 1, 100)) < p[:, None, None]
        low, high = wilson(int(drawn.sum()), drawn.size)
        pooled += low <= truth <= high
        found = rate(drawn)
        ours += found.low <= truth <= found.high
    assert 0.6 < pooled / trials < 0.8
    assert ours / trials >= 0.94


def test_refuses_wrong_shapes() -> None:
    with pytest.raises(ParaBenchError, match=r"\(seeds, levels, scenes\)"):
        rate(np.ones((3, 4)))


@pytest.mark.slow
def test_false_alarms_over_seeds() -> None:
    rng = np.random.default_rng(0)  # fixed: a simulation that must not flicker
    trials, alarms = 2000, 0
    for _ in range(trials):
        p = np.clip(rng.normal(0.6, 0.1, (2, 5, 1, 1)), 0, 1)
        first, second = rng.random((2, 5, 1, 50)) < p
        alarms += difference_p(first, second) <= 0.05
    assert alarms / trials <= 0.06  # 0.05 + two standard errors of the simulation


@pytest.mark.slow
@pytest.mark.parametrize("trained", [3, 5])
def test_false_alarms_where_each_method_has_hard_scenes_of_its_own(trained: int) -> None:
    """Equal rates over all scenes; a scene is hard for one method and not for the other, the same for each of its seeds."""
    rng = np.random.default_rng(0)  # fixed: a simulation that must not flicker
    trials, alarms, seeds_alone = 1000, 0, 0
    for _ in range(trials):
        hardness = rng.normal(0, 3, (2, 1, 1, 100)) + rng.normal(0, 0.1, (2, trained, 1, 1))
        first, second = rng.normal(0, 1, (2, trained, 1, 100)) > hardness
        alarms += difference_p(first, second) <= 0.05
        over_seeds = stats.ttest_rel(first.mean(axis=(1, 2)), second.mean(axis=(1, 2)))[1]
        seeds_alone += max(mcnemar_p(pair_counts(first, second)), over_seeds) <= 0.05
    assert alarms / trials <= 0.064  # 0.05 + two standard errors of the simulation
    assert seeds_alone / trials >= 0.1  # why scenes are a unit too
