"""Success rates with their intervals.

Rates are fractions in [0, 1]; they are printed as percent. Every interval covers 95 % unless told otherwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from scipy.stats import binomtest

from para_bench.types import ParaBenchError

CONFIDENCE = 0.95

CHECKPOINT = "checkpoint"
"""Label of an interval that speaks of the trained policies at hand: the episodes vary."""
METHOD = "method"
"""Label of an interval that speaks of a method: the training seeds vary."""


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


def wilson(k: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Score interval of k successes in n episodes (Wilson 1927, J. Am. Stat. Assoc. 22:209)."""
    return _binomial_interval(k, n, confidence, "wilson")


def clopper_pearson(k: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Exact interval of k successes in n episodes, never below its nominal coverage (Clopper & Pearson 1934, Biometrika 26:404)."""
    return _binomial_interval(k, n, confidence, "exact")


def _binomial_interval(k: int, n: int, confidence: float, method: str) -> Interval:
    if n < 1 or not 0 <= k <= n:
        raise ParaBenchError(f"{k} successes in {n} episodes; allowed: n >= 1 and 0 <= k <= n")
    low, high = binomtest(int(k), int(n)).proportion_ci(confidence, method)
    return Interval(float(low), float(high))


def percent(rate: float, sign: bool = False) -> str:
    """One decimal, none for 0 and 100: 0.9 -> "90.0". `sign` writes + before a gain. An empty string for nan."""
    if math.isnan(rate):
        return ""
    tenths = round(1000 * rate)
    text = f"{tenths / 10:.0f}" if tenths in (0, 1000, -1000) else f"{tenths / 10:.1f}"
    return f"+{text}" if sign and tenths > 0 else text


def bracket(value: float, low: float, high: float, sign: bool = False) -> str:
    """In percent: "90.0 [59.6, 98.2]"; an empty string for nan."""
    if math.isnan(value):
        return ""
    return f"{percent(value, sign)} [{percent(low, sign)}, {percent(high, sign)}]"


def format_rate(k: int, n: int) -> str:
    """ "9/10  90.0 [59.6, 98.2]": count, percent, Wilson interval."""
    return f"{k}/{n}  {bracket(k / n, *wilson(k, n))}"
