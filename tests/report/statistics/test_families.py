from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from para_bench.report.statistics.families import holm, verdict
from para_bench.report.statistics.paired import mcnemar_p, pair_counts
from para_bench.types import ParaBenchError


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.7]) == [0.7]
    assert holm([0.6, 0.9]) == [1.0, 1.0]


def test_holm_properties() -> None:
    rng = np.random.default_rng(0)  # fixed: any draw would do
    for _ in range(20):
        p = rng.random(7)
        adjusted = np.array(holm(p.tolist()))
        expected: Any = multipletests(p, method="holm")[1]
        assert np.allclose(adjusted, expected)
        assert np.all(adjusted >= p)
        assert np.all(np.diff(adjusted[np.argsort(p)]) >= 0)
        assert adjusted.min() == pytest.approx(min(7 * p.min(), 1))


@pytest.mark.parametrize(
    ("difference", "p", "words"),
    [
        (0.3, 0.001, "better"),
        (-0.3, 0.05, "worse"),
        (0.3, 0.0501, "not resolved at n = 50"),
        (0.0, 0.0, "not resolved at n = 50"),
        (0.9, 1.0, "not resolved at n = 50"),
    ],
)
def test_verdict(difference: float, p: float, words: str) -> None:
    assert verdict(difference, p, 50) == words


def test_verdict_of_a_method_names_seeds() -> None:
    assert verdict(0.2, 0.3, 50, "method", 5) == "not resolved at n = 50 x 5"
    with pytest.raises(ParaBenchError, match="p nan"):
        verdict(0.2, float("nan"), 50)


@pytest.mark.slow
def test_family_wise_false_alarms() -> None:
    rng = np.random.default_rng(0)  # fixed: a simulation that must not flicker
    trials, plain, adjusted = 1500, 0, 0
    for _ in range(trials):
        reference = rng.random(200) < 0.5
        p = [mcnemar_p(pair_counts(reference, rng.random(200) < 0.5)) for _ in range(6)]
        plain += min(p) <= 0.05
        adjusted += min(holm(p)) <= 0.05
    assert adjusted / trials <= 0.061 < plain / trials  # 0.05 + two standard errors of the simulation
