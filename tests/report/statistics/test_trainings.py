from __future__ import annotations

import numpy as np
import pytest

from para_bench.report.statistics.trainings import by_set, count, has_sets, unit_table
from para_bench.types import ParaBenchError


def test_units_are_seeds_or_sets() -> None:
    outcomes = np.random.default_rng(0).random((3, 2, 4, 10)) < 0.5  # fixed: one draw
    assert has_sets(outcomes)
    assert not has_sets(outcomes[0], outcomes[:1])
    assert (count(outcomes), count(outcomes[0])) == (6, 2)
    assert unit_table(outcomes, sets=True) == pytest.approx(outcomes.mean(axis=(1, 2)))
    assert unit_table(outcomes[0], sets=False) == pytest.approx(outcomes[0].mean(axis=1))
    assert by_set(outcomes[0]).shape == (1, 2, 4, 10)


def test_seeds_of_several_sets_are_no_units() -> None:
    with pytest.raises(ParaBenchError, match="found 3 demonstration sets; allowed: one"):
        unit_table(np.ones((3, 2, 1, 9)), sets=False)


@pytest.mark.parametrize("shape", [(3, 9), (0, 1, 9), (1, 1, 1, 1, 1)])
def test_refuses_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ParaBenchError, match=r"found outcomes of shape .*; allowed: "):
        by_set(np.ones(shape))
