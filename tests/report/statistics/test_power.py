from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multinomial

from para_bench.report.statistics.paired import PairCounts, mcnemar_p
from para_bench.report.statistics.power import MOST_SCENES, discordance, mcnemar_power, plan
from para_bench.types import ParaBenchError


@pytest.mark.parametrize("n", [6, 13, 25])
@pytest.mark.parametrize(("b", "c"), [(0.3, 0.1), (0.5, 0.0), (0.15, 0.15)])
def test_power_is_the_sum_over_all_outcomes(n: int, b: float, c: float) -> None:
    """The slow definition: add up every table that the test rejects."""
    expected = sum(
        multinomial.pmf([i, j, n - i - j], n, [b, c, 1 - b - c])
        for i in range(n + 1)
        for j in range(n + 1 - i)
        if mcnemar_p(PairCounts(n - i - j, i, j, 0)) <= 0.05
    )
    assert mcnemar_power(n, b, c) == pytest.approx(expected, abs=1e-9)  # round-off


def test_false_alarms_never_exceed_alpha() -> None:
    for n in (5, 20, 100, 500):
        for p in (0.1, 0.5, 0.9):
            assert mcnemar_power(n, *discordance(p, p)) <= 0.05


@pytest.mark.parametrize(("rate", "other"), [(0.5, 0.7), (0.97, 0.09), (0.54, 0.33)])
def test_plan_is_the_smallest_that_is_enough(rate: float, other: float) -> None:
    n = plan(rate, other)
    pair = discordance(rate, other)
    assert mcnemar_power(n - 1, *pair) < 0.8
    assert all(mcnemar_power(m, *pair) >= 0.8 for m in range(n, n + 20))
    assert plan(other, rate) == n


def test_plan_moves_the_right_way() -> None:
    base = plan(0.5, 0.7)
    assert plan(0.5, 0.7, power=0.9) > base
    assert plan(0.5, 0.7, family=8) > base
    assert plan(0.5, 0.7, correlation=0.4) < base
    assert plan(0.5, 0.9) < base


def test_plan_with_nothing_in_common() -> None:
    # Only one side ever succeeds: 6 discordant scenes are the fewest that exact McNemar can reject at 0.05.
    assert plan(1.0, 0.0) == 6


def test_refuses() -> None:
    with pytest.raises(ParaBenchError, match="two different rates"):
        plan(0.5, 0.5)
    with pytest.raises(ParaBenchError, match=r"correlation 0\.9 is impossible"):
        plan(0.9, 0.2, correlation=0.9)
    with pytest.raises(ParaBenchError, match="more than 20000 scenes"):
        plan(0.5, 0.501)
    with pytest.raises(ParaBenchError, match=r"\[0, 1\]"):
        plan(0.5, 1.2)


def test_discordance_keeps_the_margins() -> None:
    b, c = discordance(0.7, 0.4, 0.3)
    both = 0.7 - b
    assert both + c == pytest.approx(0.4)
    assert (both - 0.28) / np.sqrt(0.7 * 0.3 * 0.4 * 0.6) == pytest.approx(0.3)


def test_the_search_goes_up_to_its_end() -> None:
    n = plan(0.5, 0.5143)
    assert 16_384 < n <= MOST_SCENES
    with pytest.raises(ParaBenchError, match="needs more than 20000 scenes"):
        plan(0.5, 0.505)
    with pytest.raises(ParaBenchError, match="family is 0; allowed: 1 or more"):
        plan(0.5, 0.7, family=0)
