from __future__ import annotations

import numpy as np
import pytest

from para_bench.report.statistics.resampling import training_weights, unit_weights


def test_weights_add_up_to_one() -> None:
    rng = np.random.default_rng(0)  # fixed: any draw would do
    assert training_weights(rng, 3, 2, 50).sum(axis=(1, 2)) == pytest.approx(1)
    assert unit_weights(rng, 40, 50).sum(axis=1) == pytest.approx(1)


def test_seeds_are_drawn_within_the_sets_drawn() -> None:
    """Variance of a mean over sets, then over seeds in them: that of sets (D-1)/D of their own, and that of seeds."""
    rng = np.random.default_rng(0)  # fixed: a simulation that must not flicker
    weights = training_weights(rng, 3, 2, 40_000)
    sets, seeds = np.array([[-1.0], [0], [1]]).repeat(2, axis=1), np.array([[-1.0, 1]]).repeat(3, axis=0)
    over_sets, over_seeds = (np.einsum("bds,ds->b", weights, values).var() for values in (sets, seeds))
    assert over_sets == pytest.approx((2 / 3) / 3, rel=0.05)
    assert over_seeds == pytest.approx(1 / 6, rel=0.05)  # six draws of +-1


def test_one_set_is_a_draw_of_seeds() -> None:
    weights = training_weights(np.random.default_rng(0), 1, 4, 20_000)  # fixed: any draw would do
    assert set(np.unique(weights * 4)) <= {0, 1, 2, 3, 4}
    assert (weights == 0).mean() == pytest.approx((3 / 4) ** 4, abs=0.01)
