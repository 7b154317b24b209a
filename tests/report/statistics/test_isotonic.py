from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import isotonic_regression

from para_bench.report.statistics.isotonic import non_increasing


@pytest.mark.parametrize("places", [1, 2, 8, 13])
def test_it_is_scipys_fit(places: int) -> None:
    rates = np.random.default_rng(places).integers(0, 11, (200, places)) / 10  # with many ties
    expected = np.stack([isotonic_regression(row, increasing=False).x for row in rates])
    np.testing.assert_allclose(non_increasing(rates), expected, atol=1e-12)
