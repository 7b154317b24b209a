from __future__ import annotations

import numpy as np
import pytest

from para_bench.report.statistics.floors import caption, gap_is_printed, mark, no_gap
from para_bench.types import ParaBenchError


def test_below_ten_percent_is_the_floor() -> None:
    assert [mark(k / 300) for k in (0, 29, 30, 300)] == ["floor", "floor", "", ""]
    assert mark(float(np.mean([0.3, 0.0, 0.0]))) == ""  # 0.09999999999999999


def test_gaps_need_a_control_of_twenty_percent() -> None:
    assert [gap_is_printed(k / 300) for k in (0, 59, 60, 300)] == [False, False, True, True]
    assert gap_is_printed(float(np.mean([0.6, 0.0, 0.0])))


def test_words() -> None:
    assert no_gap() == "control below 20.0 %"
    assert "fewer than 10.0 % succeed" in caption()
    assert "control is below 20.0 %" in caption()


@pytest.mark.parametrize("rate", [-0.1, 1.1, float("nan")])
def test_refuses_no_rate(rate: float) -> None:
    for function in (mark, gap_is_printed):
        with pytest.raises(ParaBenchError, match="found a rate of"):
            function(rate)
