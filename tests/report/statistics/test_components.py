from __future__ import annotations

import numpy as np
import pytest

from para_bench.report.statistics.components import of_methods, of_one


def test_one_table_by_hand() -> None:
    """2 seeds, 4 scenes; what each loses: (1, 1, 0, 0) and (1, 0, 0, 0), means 1/2 and 1/4, by scene 1, 1/2, 0, 0.

    Units: variance 1/32, over 2 seeds 1/64. Residuals are +-1/8, -3/8 and 3/8 in the second scene: squares add up to 6/64 + 18/64 = 3/8,
    over (2-1)(4-1) freedoms 1/8, over 2 x 4 episodes 1/64. Scenes: variance 11/48, over 4 scenes 11/192, less the chance of 1/64.
    """
    control = np.ones((2, 1, 4), bool)
    shifted = np.array([[[0, 0, 1, 1]], [[0, 1, 1, 1]]], bool)
    found = of_one((control.astype(float) - shifted)[:, 0])
    variance = 1 / 64 + 11 / 192 - 1 / 64
    assert found == pytest.approx((3 / 8, np.sqrt(variance), 3))  # (variance x 64)^2 = 13.4 is more than the scenes have


def test_two_tables_by_hand() -> None:
    """2 units against 2, 3 scenes: the values of `test_reference_values_of_the_variances` of retraining, whose units vary alike."""
    new, old = np.array([[1.0, 0, 0], [1, 0, 1]]), np.array([[1.0, 1, 1], [1, 1, 0]])
    # Each method: units (1/3, 2/3), variance 1/18, over 2 units 1/36; chance 1/6 over 2 x 3 = 1/36. Scenes 1/9 - 2/36.
    found = of_methods(new, old)
    assert found.value == pytest.approx(-1 / 3)
    assert found.error**2 == pytest.approx(2 / 36 + 1 / 9 - 2 / 36)
    assert found.freedom == 2  # (1/9)^2 / (2 (1/36)^2) = 8 is more than three scenes have


def test_one_method_varies_and_the_other_does_not() -> None:
    """Satterthwaite: only the freedoms of the method that varies count, and a little of the scenes'."""
    scenes = np.arange(200)
    wild = np.stack([scenes < k for k in (60, 100, 140)]).astype(float)
    calm = np.stack([scenes < 100] * 3).astype(float)
    assert of_methods(wild, calm).freedom == pytest.approx(2, abs=0.1)
    assert of_methods(wild, wild).freedom == pytest.approx(4)


def test_one_unit_takes_the_spread_of_the_other_side() -> None:
    scenes = np.arange(200)
    three = np.stack([scenes < k for k in (60, 100, 140)]).astype(float)
    found = of_methods(three, three[1:2])
    spread = three.mean(axis=1).var(ddof=1)
    assert found.error**2 == pytest.approx(spread * (1 / 3 + 1), rel=0.05)  # and what scenes add
    assert of_methods(three[1:2], three)[1:] == pytest.approx(found[1:])


def test_the_estimated_variance_is_the_true_one() -> None:
    """Over new draws of units and scenes, normal terms: mean of error^2 against the variance of the value itself."""
    rng = np.random.default_rng(0)  # fixed: a simulation that must not flicker

    def draw(common: np.ndarray) -> np.ndarray:
        own = common + 0.5 * rng.standard_normal(40)
        return own + 0.3 * rng.standard_normal((3, 1)) + rng.standard_normal((3, 40))

    pairs = [[draw(common), draw(common)] for common in 2 * rng.standard_normal((3000, 40))]
    for found in ([of_methods(a, b) for a, b in pairs], [of_one(a - b) for a, b in pairs]):
        true = np.var([one.value for one in found])
        estimated = np.mean([one.error**2 for one in found])
        assert 0.95 < estimated / true < 1.12  # the two floors add a little; 0.05 is two standard errors of the true one
