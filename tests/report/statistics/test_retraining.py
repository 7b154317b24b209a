from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from perf_scripts import script
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from para_bench.report.gate import baseline_file
from para_bench.report.gate.verdict import HELD, REGRESSED
from para_bench.report.statistics.retraining import change, difference, seed_sd
from para_bench.types import ParaBenchError


def successes(*counts: int, n: int = 200, shift: int = 0) -> np.ndarray:
    """(S, 1, n): a run of scenes succeeds for each seed, the first one `shift` scenes later than the seed before."""
    return np.array([[((np.arange(n) - i * shift) % n) < k for i, k in enumerate(counts)]]).swapaxes(0, 1)


def test_agrees_with_the_pooled_t_test_where_scenes_only_add_noise() -> None:
    new, old = successes(150, 170, 120), successes(160, 185, 140, 175, 110)
    expected = stats.ttest_ind(new.mean(axis=(1, 2)), old.mean(axis=(1, 2)), equal_var=True).confidence_interval(0.9)
    found = change(new, old)
    assert found.freedom == pytest.approx(6)
    assert difference(new, old, 0.9)[1:3] == pytest.approx((expected.low, expected.high))


def test_reference_values_of_the_variances() -> None:
    """2 seeds against 2, 3 scenes, by hand: new rates 1/3 and 2/3, old rates 1 and 2/3."""
    new = np.array([[[1, 0, 0]], [[1, 0, 1]]])
    old = np.array([[[1, 1, 1]], [[1, 1, 0]]])
    # Between seeds: (2 * (1/6)^2 + 2 * (1/6)^2) / 2 freedoms = 1/18, times 1/2 + 1/2.
    # Residuals of each group: 1/6 * (+-1, +-1, -+2), squares add up to 12/36 = 1/3, over (2-1)(3-1) = 1/6; over 2 seeds, both: 1/6; / 3.
    # By scene: 0, -1, 0, whose variance is 1/3; / 3 = 1/9, less the chance of 1/18.
    found = change(new, old)
    assert found.value == pytest.approx(-1 / 3)
    assert found.error**2 == pytest.approx(1 / 18 + 1 / 9 - 1 / 18)
    assert found.freedom == pytest.approx(2 * 2**2)  # the whole variance is twice that of the seeds


def test_difficulty_that_all_share_cancels() -> None:
    hard = np.arange(200) < 100
    rng = np.random.default_rng(0)  # fixed: one draw of outcomes

    def draw(seeds: int, easy: float, difficult: float) -> np.ndarray:
        return rng.random((seeds, 1, 200)) < np.where(hard, difficult, easy)

    known, unknown = change(draw(3, 0.99, 0.4), draw(10, 0.99, 0.4)), change(draw(3, 0.7, 0.7), draw(10, 0.7, 0.7))
    assert known.error < unknown.error


def test_scenes_that_like_one_method_widen_the_interval() -> None:
    old = successes(100, 104, 96, shift=0)
    same_scenes, others = successes(98, 102), np.flip(successes(98, 102), axis=2)
    assert change(others, old).value == change(same_scenes, old).value
    assert change(others, old).error > 2 * change(same_scenes, old).error


def test_never_narrower_than_independent_episodes() -> None:
    new, old = successes(190, 190), successes(190, 190, 190)
    assert change(new, old).error == 0
    expected = confint_proportions_2indep(380, 400, 570, 600, method="newcomb", compare="diff", alpha=0.1)
    assert difference(new, old, 0.9)[1:3] == pytest.approx(expected)


def test_seed_sd_takes_off_what_scenes_add() -> None:
    rng = np.random.default_rng(0)  # fixed: one draw of outcomes
    true = rng.normal(0.6, 0.05, (4000, 1, 1))
    outcomes = rng.random((4000, 1, 60)) < np.clip(true, 0, 1)
    assert outcomes.mean(axis=(1, 2)).std() > 0.075  # of them 6 points from 60 scenes
    assert seed_sd(outcomes) == pytest.approx(0.05, abs=0.004)  # two standard errors of this draw
    assert np.isnan(seed_sd(outcomes[:1]))


def test_seeds_that_agree_by_chance_are_no_certainty() -> None:
    """Equal rates from opposite scenes: residuals of +-1/2, squares of 2 over 3 freedoms a group, over 2 seeds and 4 scenes."""
    opposite = np.array([[[1, 1, 0, 0]], [[0, 0, 1, 1]]])
    assert change(opposite, opposite).error ** 2 == pytest.approx((2 / 3 / 2 + 2 / 3 / 2) / 4)


def test_one_new_seed_and_pooled_levels() -> None:
    rng = np.random.default_rng(0)  # fixed: one draw of outcomes
    old, new = rng.random((5, 4, 50)) < 0.7, rng.random((1, 4, 50)) < 0.7
    found = difference(new, old)
    assert found.low < found.value < found.high
    assert found.kind == "method"


@pytest.mark.parametrize("shapes", [((1, 1, 9), (1, 1, 9)), ((3, 1, 9), (3, 1, 8)), ((3, 9), (3, 9)), ((0, 1, 9), (3, 1, 9))])
def test_refuses(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    with pytest.raises(ParaBenchError, match="allowed"):
        change(*(np.ones(shape) for shape in shapes))


@pytest.mark.parametrize("effect", ["logit", "part of the scenes"])
def test_interval_covers_the_truth(effect: str) -> None:
    """90 % intervals of a loss of 10 points, over new draws of seeds and scenes; the part of scenes that fails for good is drawn too."""
    rng = np.random.default_rng(1)  # fixed: a simulation that must not flicker
    trials, covered = 600, 0
    for _ in range(trials):
        scenes = rng.beta(3, 1, 100)  # mean 3/4
        keeps = rng.random(100) < 13 / 15 if effect != "logit" else np.full(100, 13 / 15)
        old = rng.random((8, 1, 100)) < np.clip(scenes + rng.normal(0, 0.03, (8, 1, 1)), 0, 1)
        new = rng.random((3, 1, 100)) < np.clip(scenes + rng.normal(0, 0.03, (3, 1, 1)), 0, 1) * keeps
        found = difference(new, old, 0.9)
        covered += found.low <= -0.1 <= found.high
    assert covered / trials >= 0.87  # 0.9 less 2.5 standard errors of the simulation


@pytest.mark.slow
def test_the_ci_suite_finds_what_it_should() -> None:
    """Of perf/gate.py, which writes the tables: planted losses are found, nothing is found where nothing changed."""
    perf = script("gate")
    rng = np.random.default_rng(2)  # fixed: must not flicker
    cells, seeds = perf.cells_of(baseline_file.read(Path(__file__).resolve().parents[3] / "results/baselines/ci.json"))
    for cell in cells:
        how = (seeds, 2 * len(cells), 1000)
        lost = perf.cell_intervals(rng, cell, perf.PLANTED, *how)
        assert perf.share(lost, cell.margin, REGRESSED) >= 0.65
        same = perf.cell_intervals(rng, cell, 0.0, *how)
        assert perf.share(same, cell.margin, REGRESSED) <= 0.05 / len(cells)
        assert perf.share(same, cell.margin, HELD) >= 0.65
        lost_margin = perf.cell_intervals(rng, cell, cell.margin, *how)
        assert perf.share(lost_margin, cell.margin, HELD) <= 0.05 + 0.04  # 6 % in the table, near 100 %; standard error 1 %
