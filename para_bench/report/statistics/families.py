"""Several comparisons at once, and the verdicts that their tests allow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from para_bench.report.statistics.rates import CHECKPOINT, METHOD
from para_bench.types import ParaBenchError

ALPHA = 0.05


def holm(p_values: Sequence[float]) -> list[float]:
    """P values of a declared family, adjusted so that any false claim has probability <= alpha (Holm 1979, Scand. J. Stat. 6:65)."""
    p = np.asarray(p_values, float)
    order = np.argsort(p)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1)), 1.0)
    return adjusted.tolist()


def verdict(difference: float, p: float, n: int, kind: str = CHECKPOINT, seeds: int = 1, alpha: float = ALPHA) -> str:
    """ "better" or "worse" where the declared test rejects, else "not resolved at n = 50", for a method "at n = 50 x 5" (scenes x seeds).

    `difference` is the rate minus the rate it is compared with, `p` the p-value of the declared test (adjusted where it belongs to a
    family), `n` the scenes that were compared.
    """
    if kind not in (CHECKPOINT, METHOD) or not 0 <= p <= 1:
        raise ParaBenchError(f"kind {kind!r}, p {p}; allowed: {CHECKPOINT!r} or {METHOD!r}, p in [0, 1]")
    if p <= alpha and difference != 0:
        return "better" if difference > 0 else "worse"
    return f"not resolved at n = {n}" + (f" x {seeds}" if kind == METHOD else "")
