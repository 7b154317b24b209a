"""Median grasp and yaw errors with their intervals: they distinguish methods where nearly all or nearly none of their episodes succeed.

Errors have shape (S, C, N) or (D, S, C, N), as outcomes do (`statistics.trainings`), in any unit, nan where the jaw never
closed. Such an episode counts as worse than any error. Were it left out, a policy that closes its jaw
only where it is right would look precise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from para_bench.report.statistics.rates import CHECKPOINT, CONFIDENCE, METHOD, Interval
from para_bench.report.statistics.resampling import chunks
from para_bench.report.statistics.seeds import t_interval_of_units
from para_bench.report.statistics.trainings import by_set, count
from para_bench.types import ParaBenchError

RESAMPLES = 2000
CHUNK = 100
"""Resamples at a time: 200 MB for 3 x 2 trainings of 64 levels x 100 scenes."""
SEED = 0
HALF = 1e-9
"""A sum of weights counts as one half within this tolerance, for round-off."""


class Median(NamedTuple):
    """In the unit of the errors."""

    value: float
    """inf where half of the episodes or more have no error."""
    low: float
    high: float
    missing: float
    """Share of episodes without an error, in [0, 1]."""
    kind: str
    """`checkpoint` or `method`."""


def median(errors: np.ndarray, resamples: int = RESAMPLES) -> Median:
    """Median over all episodes with a percentile bootstrap interval over sets, seeds within sets, and scenes (their levels together).

    A bootstrap over two or three units is too short, so a t interval over the units' own medians widens it where all are finite, as for
    a half-success angle. The fixed SEED makes the same records print the same interval.
    """
    values = by_set(errors)
    if np.any(values < 0):
        raise ParaBenchError(f"found an error of {np.nanmin(values):g}; allowed: 0 or more, nan where there is none")
    missing = float(np.isnan(values).mean())
    values = np.where(np.isnan(values), np.inf, values)
    drawn, tail = _resampled(values, resamples), (1 - CONFIDENCE) / 2
    low, high = (float(np.quantile(drawn, share, method="inverted_cdf")) for share in (tail, 1 - tail))  # never between a number and inf
    bounds = Interval(low, high).hull(_over_units(values))
    return Median(_middle(values), *bounds, missing, METHOD if count(values) > 1 else CHECKPOINT)


def format_median(found: Median, digits: int = 2) -> str:
    """ "0.37 [0.33, 0.42]", with "none" where half of the episodes have no error."""
    value, low, high = ("none" if math.isinf(bound) else f"{bound:.{digits}f}" for bound in found[:3])
    return f"{value} [{low}, {high}]"


def _over_units(values: np.ndarray) -> Interval:
    """t interval over the medians of sets, or of the seeds of the only set; empty where there is one unit or one has no median."""
    units = values if len(values) > 1 else values[0]
    return t_interval_of_units(np.array([_middle(unit) for unit in units]))


def _middle(values: np.ndarray) -> float:
    """Median; inf, not nan, where one of its two middle values is."""
    ordered = np.sort(values, axis=None)
    return float((ordered[(ordered.size - 1) // 2] + ordered[ordered.size // 2]) / 2)


def _resampled(values: np.ndarray, resamples: int) -> np.ndarray:
    """Median of each bootstrap resample of values (D, S, C, N). Shape (resamples,)."""
    sets, seeds, levels, scenes = values.shape
    order = np.argsort(values, axis=None)
    ordered = values.ravel()[order]
    found = []
    for trainings, of_scenes in chunks(sets, seeds, scenes, resamples, CHUNK, SEED):
        weights = np.einsum("bds,bn->bdsn", trainings, of_scenes)[:, :, :, None] / levels
        sums = np.cumsum(np.broadcast_to(weights, (len(weights), *values.shape)).reshape(len(weights), -1)[:, order], axis=1)
        lower, upper = np.argmax(sums >= 0.5 - HALF, axis=1), np.argmax(sums > 0.5 + HALF, axis=1)
        found.append((ordered[lower] + ordered[upper]) / 2)
    return np.concatenate(found)
