"""How many scenes an effect needs, by the exact McNemar test that will judge it."""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import binom

from para_bench.types import ParaBenchError

MOST_SCENES = 20_000
"""Where the search gives up."""


def plan(rate: float, other_rate: float, power: float = 0.8, alpha: float = 0.05, family: int = 1, correlation: float = 0.0) -> int:
    """Scenes needed so that exact McNemar tells `rate` from `other_rate` (both in [0, 1]) with probability `power`.

    `family` comparisons share `alpha` (Bonferroni, Holm's worst case). `correlation` in [-1, 1] is the phi of the two outcomes over
    scenes; 0 is the cautious choice, since scenes that are hard for both make the test stronger. Power is a saw-tooth
    in n; from the number returned on, it stays at `power` or above for at least the next 20 numbers.
    """
    first_only, second_only = discordance(rate, other_rate, correlation)
    if rate == other_rate or not 0 < power < 1:
        raise ParaBenchError(f"rates {rate} and {other_rate}, power {power}; allowed: two different rates, power in (0, 1)")
    if family < 1:
        raise ParaBenchError(f"family is {family}; allowed: 1 or more comparisons")

    def enough(n: int) -> bool:
        return mcnemar_power(n, first_only, second_only, alpha / family) >= power

    tried, high = 0, 8
    while not enough(high):
        if high == MOST_SCENES:
            raise ParaBenchError(f"{rate} against {other_rate} needs more than {MOST_SCENES} scenes; allowed: a larger effect")
        tried, high = high, min(2 * high, MOST_SCENES)
    low = tried + 1
    while low < high:  # bisect as though power were monotonic, then repair
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    n = low
    while n > 1 and enough(n - 1):
        n -= 1
    ahead = n
    while ahead <= n + 20:
        n = n if enough(ahead) else ahead + 1
        ahead += 1
    return n


def mcnemar_power(n: int, first_only: float, second_only: float, alpha: float = 0.05) -> float:
    """Probability that the two-sided exact McNemar test of n scenes rejects.

    `first_only` and `second_only` are the probabilities that only the one or only the other succeeds in a scene.
    """
    differing = first_only + second_only
    if differing == 0:
        return 0.0
    m = np.arange(n + 1)  # scenes that differ
    # Largest count c with 2 P(X <= c) <= alpha under a fair coin; -1 where no count rejects.
    c = binom.ppf(alpha / 2, m, 0.5)
    c = np.where(2 * binom.cdf(c, m, 0.5) <= alpha, c, c - 1)
    share = first_only / differing
    rejects = np.where(c >= 0, binom.cdf(c, m, share) + binom.sf(m - c - 1, m, share), 0.0)
    return float(binom.pmf(m, n, min(differing, 1.0)) @ rejects)


def discordance(rate: float, other_rate: float, correlation: float = 0.0) -> tuple[float, float]:
    """Probabilities that only the first and that only the second succeeds, for two rates and the phi of their outcomes."""
    if not (0 <= rate <= 1 and 0 <= other_rate <= 1):
        raise ParaBenchError(f"rates are {rate} and {other_rate}; allowed: [0, 1]")
    both = rate * other_rate + correlation * math.sqrt(rate * (1 - rate) * other_rate * (1 - other_rate))
    if not max(0.0, rate + other_rate - 1) - 1e-12 <= both <= min(rate, other_rate) + 1e-12:
        raise ParaBenchError(f"correlation {correlation} is impossible for rates {rate} and {other_rate}; allowed: one nearer to 0")
    return max(rate - both, 0.0), max(other_rate - both, 0.0)
