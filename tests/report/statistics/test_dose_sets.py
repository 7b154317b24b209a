from __future__ import annotations

import math

import numpy as np
import pytest

from para_bench.report.statistics.dose import dose_curve
from para_bench.report.statistics.dose_sets import dose_curve_over_sets
from para_bench.types import ParaBenchError

ANGLES = (0.0, 10.0, 20.0, 30.0, 45.0)


def curve(half_deg: float, seeds: int = 2, scenes: int = 60, seed: int = 0) -> np.ndarray:
    """(S, A, N) of a method whose success falls from 0.96 to half of it at `half_deg`."""
    rates = 0.96 / (1 + np.exp((np.array(ANGLES) - half_deg) / 4))
    return np.random.default_rng(seed).random((seeds, len(ANGLES), scenes)) < rates[None, :, None]  # fixed: one draw


def test_one_set_is_the_curve_of_its_seeds() -> None:
    outcomes = curve(22)
    assert dose_curve_over_sets(ANGLES, outcomes[None]) == dose_curve(ANGLES, outcomes)


def test_sets_that_differ_widen_the_interval() -> None:
    alike = np.stack([curve(22, seed=i) for i in range(3)])
    unlike = np.stack([curve(half, seed=i) for i, half in enumerate((14, 22, 30))])
    narrow, wide = (dose_curve_over_sets(ANGLES, outcomes) for outcomes in (alike, unlike))
    six_seeds = dose_curve(ANGLES, unlike.reshape(6, len(ANGLES), -1))
    assert narrow.half_deg == pytest.approx(22, abs=1.5)
    assert wide.half_deg == six_seeds.half_deg
    assert wide.half_interval.high - wide.half_interval.low > 2 * (narrow.half_interval.high - narrow.half_interval.low)
    assert wide.half_interval.high - wide.half_interval.low > 1.5 * (six_seeds.half_interval.high - six_seeds.half_interval.low)
    assert wide.rates[2].high - wide.rates[2].low > six_seeds.rates[2].high - six_seeds.rates[2].low


def test_fits_are_isotonic() -> None:
    """A dip at 10 deg is averaged with its neighbours, as in one set."""
    dip = np.stack([np.arange(50) < k for k in (50, 20, 40, 10, 0)])[None]
    assert dose_curve_over_sets(ANGLES, np.stack([dip] * 3)).half_deg == dose_curve(ANGLES, dip).half_deg == pytest.approx(22.5)


def test_a_set_without_success_leaves_the_bootstrap() -> None:
    outcomes = np.stack([curve(22), curve(22, seed=1), np.zeros_like(curve(22))])
    found = dose_curve_over_sets(ANGLES, outcomes)
    assert found.half_interval.low == 0 or math.isinf(found.half_interval.high)


def test_refuses() -> None:
    with pytest.raises(ParaBenchError, match=r"allowed: \(sets, seeds, angles, scenes\)"):
        dose_curve_over_sets(ANGLES, curve(22))
