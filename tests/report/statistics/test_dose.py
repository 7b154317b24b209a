from __future__ import annotations

import math

import numpy as np
import pytest

from para_bench.report.statistics.dose import DoseCurve, check_zero_dose, dose_curve, format_half, half_angle
from para_bench.report.statistics.rates import Interval, wilson
from para_bench.types import ParaBenchError

ANGLES = (0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 45.0)


def steps(counts: list[int], n: int = 50) -> np.ndarray:
    """(1, A, n): the first scenes succeed."""
    return np.array([[np.arange(n) < k for k in counts]])


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ((1, 1, 1, 1, 0.5, 0.2, 0, 0), 20.0),
        ((1, 1, 1, 1, 0.75, 0.25, 0, 0), 22.5),
        ((0.8, 0.6, 0.2, 0, 0, 0, 0, 0), 7.5),
        ((1, 1, 1, 1, 1, 1, 1, 0.7), math.inf),
        ((1, 0, 0, 0, 0, 0, 0, 0), 2.5),
        ((1, 0.4, 0.8, 0.8, 0.4, 0, 0, 0), 18.125),  # the dip at 5 deg is averaged with its neighbours
        ((0.25, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.26), math.inf),  # never below the control
        ((0.6, 0.8, 0.7, 0.7, 0.5, 0.3, 0.3, 0.1), 25.0),  # half of 0.6, not of the fit's 0.7
        ((0, 0.5, 0, 0, 0, 0, 0, 0), math.nan),
    ],
)
def test_half_angle(rates: tuple[float, ...], expected: float) -> None:
    assert half_angle(np.array(ANGLES), np.array(rates)) == pytest.approx(expected, nan_ok=True)


def test_half_angle_does_not_depend_on_the_height_of_the_curve() -> None:
    rates = np.array([1, 0.9, 0.7, 0.6, 0.3, 0.2, 0.1, 0])
    assert half_angle(np.array(ANGLES), 0.4 * rates) == pytest.approx(half_angle(np.array(ANGLES), rates))


def test_no_success_has_no_half_angle() -> None:
    curve = dose_curve(ANGLES, steps([0] * 8))
    assert math.isnan(curve.half_deg)
    assert curve.half_interval == (0, math.inf)
    assert format_half(curve) == "none: no success"


def test_curve() -> None:
    curve = dose_curve(ANGLES, steps([50, 50, 48, 40, 30, 20, 10, 0]))
    assert curve.half_deg == pytest.approx(22.5)
    assert curve.half_interval.low <= curve.half_deg <= curve.half_interval.high
    assert curve.rates[4][1:3] == wilson(30, 50)
    assert curve == dose_curve(ANGLES, steps([50, 50, 48, 40, 30, 20, 10, 0]))
    assert format_half(curve).startswith("22.5 deg [")


def test_unreached_half_is_open_above() -> None:
    curve = dose_curve(ANGLES, steps([50, 50, 50, 50, 48, 46, 44, 40]))
    assert math.isinf(curve.half_deg)
    assert format_half(curve) == "> 45 deg [> 45, > 45]"


def test_seeds_widen_the_interval() -> None:
    one = steps([50, 45, 40, 30, 24, 10, 5, 0])
    early, late = steps([50, 30, 20, 5, 0, 0, 0, 0]), steps([50, 50, 50, 48, 46, 40, 20, 5])
    alike = dose_curve(ANGLES, np.concatenate([one, one, one])).half_interval
    unlike = dose_curve(ANGLES, np.concatenate([early, one, late])).half_interval
    assert unlike.high - unlike.low > 2 * (alike.high - alike.low)


@pytest.mark.parametrize("angles", [(5, 10), (0, 10, 10), (0,)])
def test_refuses_angles(angles: tuple[float, ...]) -> None:
    with pytest.raises(ParaBenchError, match="ascending, from 0"):
        dose_curve(angles, np.ones((1, len(angles), 5)))


def test_zero_dose_equals_the_control() -> None:
    check_zero_dose({0: True, 1: False}, {0: True, 1: False})
    with pytest.raises(ParaBenchError, match=r"scenes \[1, 2\] \(2 in all\)"):
        check_zero_dose({0: True, 1: True}, {0: True, 1: False, 2: True})


@pytest.mark.slow
def test_coverage_of_the_half_angle() -> None:
    rng = np.random.default_rng(0)  # fixed: a simulation that must not flicker
    angles = np.array(ANGLES)
    truth_rates = np.clip(1 - angles / 45, 0, 1)
    trials, covered = 200, 0
    for trial in range(trials):
        hard = rng.random((1, 1, 50))  # one number a scene: angles of one scene resemble each other
        drawn = 0.5 * hard + 0.5 * rng.random((1, len(angles), 50))
        level = np.quantile(0.5 * rng.random(20000) + 0.5 * rng.random(20000), truth_rates)
        curve = dose_curve(ANGLES, drawn < level[None, :, None], resamples=400, seed=trial)
        covered += curve.half_interval.low <= half_angle(angles, truth_rates) <= curve.half_interval.high
    assert covered / trials >= 0.90  # percentile bootstrap of 50 scenes, 200 trials: 0.95 less two standard errors and its small bias


@pytest.mark.slow
def test_coverage_of_the_half_angle_over_seeds() -> None:
    rng = np.random.default_rng(0)  # fixed: a simulation that must not flicker
    angles, truth, trials, covered = np.array(ANGLES), 28.0, 200, 0
    for trial in range(trials):
        halves = rng.normal(truth, 3.0, (3, 1, 1))
        rates = 1 / (1 + np.exp((angles[None, :, None] - halves) / 3))
        curve = dose_curve(ANGLES, rng.random((3, len(angles), 100)) < rates, resamples=400, seed=trial)
        covered += curve.half_interval.low <= truth <= curve.half_interval.high
    assert covered / trials >= 0.92  # 0.95 less two standard errors; the bootstrap alone held 83 %


@pytest.mark.parametrize(
    ("half", "interval", "text"),
    [
        (10.8, (2.0, 67.8), "10.8 deg [2.0, > 45]"),
        (10.8, (0.0, 67.8), "not resolved"),
        (10.8, (0.0, 40.0), "10.8 deg [0.0, 40.0]"),
        (math.inf, (0.0, math.inf), "> 45 deg [0.0, > 45]"),
    ],
)
def test_nothing_is_said_beyond_the_last_angle(half: float, interval: tuple[float, float], text: str) -> None:
    assert format_half(DoseCurve(ANGLES, (), half, Interval(*interval))) == text
