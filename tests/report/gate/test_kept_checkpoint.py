"""Size and power of the fixed layer, by perf/gate.py, which writes the table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from perf_scripts import script

from para_bench.report.gate import baseline_file
from para_bench.report.gate.verdict import CANNOT_TELL, HELD, REGRESSED

pytestmark = pytest.mark.slow
BASELINE = Path(__file__).resolve().parents[3] / "results/baselines/ci.json"


def test_flips_of_a_machine_are_held_and_losses_are_not() -> None:
    perf = script("gate")
    rng, edge, trials = np.random.default_rng(3), 2 / 600, 1000  # fixed: must not flicker
    cells, _ = perf.cells_of(baseline_file.read(BASELINE))
    family = 2 * len(cells)

    def shares(cell: Any, loss: float) -> dict[str, float]:
        said = [perf.kept(rng, cell, edge, loss, family)[1] for _ in range(trials)]
        return {verdict: said.count(verdict) / trials for verdict in (HELD, REGRESSED, CANNOT_TELL)}

    for cell in cells:
        same, at_margin, lost = shares(cell, 0.0), shares(cell, cell.margin), shares(cell, perf.PLANTED)
        assert same[HELD] >= 0.98
        assert same[REGRESSED] == 0
        assert at_margin[HELD] <= 0.09  # 7 % in the table, and two and a half standard errors
        assert at_margin[REGRESSED] <= 0.05
        assert lost[HELD] <= 0.01
        assert lost[REGRESSED] >= 0.6
        assert perf.kept(rng, cell, 0.0, 0.0, family) == (False, HELD)
