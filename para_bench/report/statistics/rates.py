"""Success rates with their intervals.

Rates are fractions in [0, 1]; they are printed as percent. Every interval covers 95 % by default.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

from para_bench.types import ParaBenchError

CONFIDENCE = 0.95

CHECKPOINT = "checkpoint"
"""Label of an interval for these trained policies: the episodes vary."""
METHOD = "method"
"""Label of an interval for a method: the training seeds vary."""


class Interval(NamedTuple):
    low: float
    high: float

    def hull(self, other: Interval) -> Interval:
        """The smallest interval that holds both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))


class Estimate(NamedTuple):
    """A rate in [0, 1] or a difference of rates in [-1, 1], with its interval."""

    value: float
    low: float
    high: float
    kind: str
    """`checkpoint` or `method`."""


@lru_cache(maxsize=4096)  # a table asks for the same counts many times
def wilson(k: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Score interval of k successes in n episodes (Wilson 1927, J. Am. Stat. Assoc. 22:209).

    Written out: statsmodels, which a test compares it with, takes half a second to import.
    """
    if n < 1 or not 0 <= k <= n:
        raise ParaBenchError(f"{k} successes in {n} episodes; allowed: n >= 1 and 0 <= k <= n")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    middle, reach = (2 * k + z**2) / (2 * (n + z**2)), z / (2 * (n + z**2)) * math.sqrt(4 * k * (n - k) / n + z**2)
    return Interval(middle - reach if k else 0.0, middle + reach if k < n else 1.0)


def percent(rate: float, sign: bool = False) -> str:
    """One decimal, none for 0 and 100: 0.9 -> "90.0". `sign` writes + before a gain. An empty string for nan."""
    if math.isnan(rate):
        return ""
    tenths = round(1000 * rate)
    text = f"{tenths / 10:.0f}" if tenths in (0, 1000, -1000) else f"{tenths / 10:.1f}"
    return f"+{text}" if sign and tenths > 0 else text


def bracket(value: float, low: float, high: float, sign: bool = False) -> str:
    """In percent: "90.0 [59.6, 98.2]"; an empty string for nan. A rate is 100 only if all succeed, and 0 only if none do."""
    if math.isnan(value):
        return ""
    if not sign and low >= 0 and 0 < value < 1:  # a gap may be below 0
        value = min(max(value, 0.001), 0.999)
    return f"{percent(value, sign)} [{percent(low, sign)}, {percent(high, sign)}]"
