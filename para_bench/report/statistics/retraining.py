"""Did a method's success rate change? Two groups of training seeds, trained apart, tested on the same scenes.

Outcomes have shape (S, C, N): training seeds, levels, scenes; S may differ between the groups, C and N may not. This is the design of a
multi-reader multi-case study whose readers (training seeds) are nested in the method and whose cases (scenes) are crossed with all:
the variance of the difference of means is that of the seeds, plus that of scenes which like one method more than the other
(Obuchowski & Rockette 1995, Commun. Stat. Simul. Comput. 24:285). What all scenes share, being easy or hard, cancels.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from para_bench.report.statistics.rates import CONFIDENCE, METHOD, Estimate, Interval
from para_bench.types import ParaBenchError


class Change(NamedTuple):
    """New rate minus reference rate."""

    value: float
    """In [-1, 1]."""
    error: float
    """Standard error of `value` over training seeds and scenes."""
    freedom: float
    """Degrees of freedom of `error`."""

    def interval(self, confidence: float = CONFIDENCE) -> Interval:
        """Student's t interval of `value`."""
        reach = float(stdtrit(self.freedom, 0.5 + confidence / 2)) * self.error
        return Interval(self.value - reach, self.value + reach)


def change(new: np.ndarray, reference: np.ndarray) -> Change:
    """Difference of the two groups' mean rates with its standard error.

    The seeds' variance is pooled over both groups: with 3 new seeds against 10, one of its own would have 2 degrees of freedom. It is
    never taken as smaller than the scenes alone would make it, since a few seeds may agree by chance. Degrees of freedom after
    Hillis (2007, Stat. Med. 26:596).
    """
    new, reference = _by_scene(new), _by_scene(reference)
    freedom = len(new) + len(reference) - 2
    if new.shape[1] != reference.shape[1] or freedom < 1:
        raise ParaBenchError(
            f"outcomes of {len(new)} training seeds x {new.shape[1]} scenes against {len(reference)} x {reference.shape[1]}; "
            "allowed: the same scenes, 3 or more training seeds in all"
        )
    share = 1 / len(new) + 1 / len(reference)
    spread = sum(np.square(group.mean(axis=1) - group.mean()).sum() for group in (new, reference)) / freedom
    chance = _chance(new, reference)
    seeds = max(share * spread, chance)
    scenes = 0.0
    if new.shape[1] > 1:
        by_scene = new.mean(axis=0) - reference.mean(axis=0)
        scenes = max(float(by_scene.var(ddof=1)) / new.shape[1] - chance, 0.0)
    variance = seeds + scenes
    freedom = freedom * (variance / seeds) ** 2 if seeds > 0 else math.inf
    return Change(float(new.mean() - reference.mean()), math.sqrt(variance), freedom)


def seed_sd(outcomes: np.ndarray) -> float:
    """SD over training seeds of the success rate in endlessly many scenes, in [0, 1]; the part due to the sampled scenes is subtracted."""
    rates = _by_scene(outcomes)
    if len(rates) < 2:
        return math.nan
    return math.sqrt(max(float(rates.mean(axis=1).var(ddof=1)) - residual(rates) / rates.shape[1], 0.0))


def difference(new: np.ndarray, reference: np.ndarray, confidence: float = CONFIDENCE) -> Estimate:
    """Rate of `new` minus rate of `reference` with its two-sided interval.

    Never narrower than if all episodes were independent (Newcombe 1998, Stat. Med. 17:873, method 10): outcomes without any spread
    are no proof.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep  # half a second

    found = change(new, reference)
    counts = int(new.sum()), new.size, int(reference.sum()), reference.size
    low, high = confint_proportions_2indep(*counts, method="newcomb", compare="diff", alpha=1 - confidence)
    interval = found.interval(confidence).hull(Interval(float(low), float(high)))
    return Estimate(found.value, max(interval.low, -1.0), min(interval.high, 1.0), METHOD)


def _by_scene(outcomes: np.ndarray) -> np.ndarray:
    """Rate of each training seed in each scene over its levels. Shape (S, N)."""
    outcomes = np.asarray(outcomes)
    if outcomes.ndim != 3 or outcomes.size == 0:
        raise ParaBenchError(f"outcomes have shape {outcomes.shape}; allowed: (training seeds, levels, scenes), none of them 0")
    return outcomes.mean(axis=1)


def _chance(new: np.ndarray, reference: np.ndarray) -> float:
    """Variance of the difference that comes from seeds meeting scenes. A group of one seed takes the other's residual for its own."""
    groups = (new, reference)
    residuals = [residual(group if len(group) > 1 else other) for group, other in (groups, groups[::-1])]
    return sum(residual / len(group) for residual, group in zip(residuals, groups, strict=True)) / new.shape[1]


def residual(rates: np.ndarray) -> float:
    """Variance of rates (S, N) after their seed and scene means; 0 where nothing is left to vary."""
    free = (len(rates) - 1) * (rates.shape[1] - 1)
    squares = np.square(rates - rates.mean(axis=0) - rates.mean(axis=1, keepdims=True) + rates.mean()).sum()
    return float(squares) / free if free else 0.0
