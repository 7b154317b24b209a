from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from para_bench.report.statistics.medians import format_median, median
from para_bench.types import ParaBenchError


def errors(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(0, 0.5, shape)  # fixed: one draw; true median 1


def test_value_is_the_median_of_all_episodes() -> None:
    for shape in ((1, 1, 99), (3, 1, 100), (3, 2, 4, 50)):
        values = errors(*shape)
        assert median(values, resamples=50).value == pytest.approx(np.median(values))


def test_interval_of_one_training_is_the_bootstrap_over_scenes() -> None:
    values = errors(1, 1, 100)
    found = median(values)
    expected = stats.bootstrap((values[0, 0],), np.median, n_resamples=4000, method="percentile", rng=np.random.default_rng(1))
    assert found[1:3] == pytest.approx((expected.confidence_interval.low, expected.confidence_interval.high), rel=0.03)
    assert found.kind == "checkpoint"
    assert median(values) == found


def test_levels_of_a_scene_are_one_draw() -> None:
    values = errors(1, 1, 40)
    one, eight = median(values), median(np.repeat(values, 8, axis=1))
    assert eight[1:3] == pytest.approx(one[1:3])


def test_seeds_and_sets_widen_the_interval() -> None:
    values = errors(3, 2, 1, 100)
    moved = values + 0.6 * np.arange(3)[:, None, None, None]
    alike, unlike = median(values), median(moved)
    assert unlike.high - unlike.low > 3 * (alike.high - alike.low)
    as_seeds = median(moved.reshape(6, 1, 100))
    assert unlike.high - unlike.low > as_seeds.high - as_seeds.low
    assert unlike.kind == "method"


def test_episodes_without_an_error_are_worse_than_any() -> None:
    values = errors(1, 1, 100)
    values[0, 0, :30] = np.nan
    found = median(values)
    assert found.missing == 0.3
    assert found.value == pytest.approx(np.sort(values[0, 0, 30:])[49:51].mean())
    values[0, 0, :49] = np.nan
    assert math.isinf(median(values).high)
    values[0, 0, :50] = np.nan
    assert math.isinf(median(values).value)
    assert format_median(median(values)).startswith("none [")


def test_format() -> None:
    found = median(np.full((3, 1, 10), 0.3712))
    assert format_median(found) == "0.37 [0.37, 0.37]"
    assert format_median(found, 1) == "0.4 [0.4, 0.4]"


def test_refuses() -> None:
    with pytest.raises(ParaBenchError, match=r"found an error of -1; allowed: 0 or more"):
        median(np.array([[[1.0, -1, np.nan]]]))
    with pytest.raises(ParaBenchError, match="found outcomes of shape"):
        median(np.ones(3))


@pytest.mark.slow
@pytest.mark.parametrize(("sets", "seeds"), [(1, 1), (1, 3), (3, 2)])
def test_interval_covers_the_truth(sets: int, seeds: int) -> None:
    """Lognormal errors of true median 1; trainings move the logarithm with SD 0.1 and sets, where there are several, with 0.2."""
    rng = np.random.default_rng(0)  # fixed: a simulation that must not flicker
    trials, covered = 500, 0
    for _ in range(trials):
        logs = 0.5 * rng.standard_normal(100) + 0.5 * rng.standard_normal((sets, seeds, 1, 100))
        if sets * seeds > 1:
            logs += 0.1 * rng.standard_normal((sets, seeds, 1, 1))
        if sets > 1:
            logs += 0.2 * rng.standard_normal((sets, 1, 1, 1))
        found = median(np.exp(logs), resamples=300)
        covered += found.low <= 1 <= found.high
    assert covered / trials >= 0.93  # 0.95 less two standard errors of the simulation
