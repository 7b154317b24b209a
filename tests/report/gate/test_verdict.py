from __future__ import annotations

import numpy as np
import pytest

from para_bench.report.gate.verdict import CANNOT_TELL, EXIT_CODES, HELD, REGRESSED, Flip, confidences, family_gate, flips, gate, overall
from para_bench.report.statistics.paired import pair_counts, paired_difference
from para_bench.report.statistics.rates import Interval
from para_bench.types import ParaBenchError


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.04, 0.05, HELD),
        (0.1, 0.3, HELD),
        (-0.06, 0.05, CANNOT_TELL),
        (-0.05, 0.05, CANNOT_TELL),
        (-0.3, -0.05, CANNOT_TELL),
        (-0.3, -0.06, REGRESSED),
    ],
)
def test_gate(low: float, high: float, expected: str) -> None:
    assert gate(low, high, margin=0.05) == expected


def test_exit_codes() -> None:
    assert EXIT_CODES == {HELD: 0, REGRESSED: 1, CANNOT_TELL: 2}


def test_gate_from_outcomes() -> None:
    n = np.arange(200)

    def of(new: np.ndarray, margin: float) -> str:
        estimate = paired_difference(pair_counts(new, n < 160))
        return gate(estimate.low, estimate.high, margin)

    assert of(n < 160, 0.05) == HELD
    assert of(n < 80, 0.05) == REGRESSED
    assert of(n < 148, 0.05) == CANNOT_TELL


def test_gate_refuses() -> None:
    for low, high, margin in [(0.2, 0.1, 0.05), (-2, 0, 0.05), (0, 0.1, -0.1), (float("nan"), 0.1, 0.1)]:
        with pytest.raises(ParaBenchError, match="allowed"):
            gate(low, high, margin)


def test_flips_names_scenes() -> None:
    golden = {("para", 0): True, ("para", 1): False, ("para", 2): True}
    assert flips(golden, dict(golden)) == []
    assert flips(golden, {**golden, ("para", 2): False}) == [Flip(("para", 2), True, False)]
    with pytest.raises(ParaBenchError, match="1 golden episodes were not run"):
        flips(golden, {("para", 0): True, ("para", 1): False})
    with pytest.raises(ParaBenchError, match="1 have no golden outcome"):
        flips(golden, {**golden, ("para", 3): True})


def test_family_has_to_see_a_loss_too() -> None:
    cell, sees, does_not = Interval(-0.3, -0.08), Interval(-0.4, -0.01), Interval(-0.4, 0.0)
    assert family_gate(cell, sees, 0.05) == REGRESSED
    assert family_gate(cell, does_not, 0.05) == CANNOT_TELL
    assert family_gate(Interval(-0.01, 0.1), does_not, 0.05) == HELD
    assert confidences(5) == pytest.approx((0.9, 0.98))


def test_overall() -> None:
    assert overall([HELD, HELD]) == HELD
    assert overall([HELD, CANNOT_TELL]) == CANNOT_TELL
    assert overall([CANNOT_TELL, REGRESSED, HELD]) == REGRESSED
    for wrong in ([], ["FINE"]):
        with pytest.raises(ParaBenchError, match="allowed: one or more of HELD"):
            overall(wrong)
