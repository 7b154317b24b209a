from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats

from para_bench.report.statistics.paired import PairCounts, mcnemar_p
from para_bench.report.statistics.scene_flips import flips_p
from para_bench.types import ParaBenchError


def test_one_training_each_is_mcnemar() -> None:
    for won, lost in ((0, 4), (3, 9), (7, 7), (0, 0), (30, 55)):
        differences = np.array([1] * won + [-1] * lost + [0] * 20)
        assert flips_p(differences) == pytest.approx(mcnemar_p(PairCounts(0, won, lost, 20)))


def test_all_signs_by_hand() -> None:
    differences = np.array([3, -1, 2, 0, 2, 6, -3, 1])
    sums = np.array([np.dot(signs, differences) for signs in product((-1, 1), repeat=8)])
    assert flips_p(differences) == pytest.approx(np.mean(np.abs(sums) >= differences.sum()))
    assert flips_p(5 * differences) == flips_p(-differences) == flips_p(differences)


def test_many_scenes_are_near_the_t_test() -> None:
    differences = np.random.default_rng(0).integers(-3, 5, 400)  # fixed: one draw
    differences[:350] -= differences[:350].mean().round().astype(int)
    assert flips_p(differences) == pytest.approx(np.asarray(stats.ttest_1samp(differences, 0))[1], rel=0.1)


def test_tiny_chances_are_kept() -> None:
    assert flips_p(np.ones(200)) == pytest.approx(2.0**-199)


def test_refuses_parts_of_a_count() -> None:
    with pytest.raises(ParaBenchError, match="whole number"):
        flips_p(np.array([0.5, 1.0]))
