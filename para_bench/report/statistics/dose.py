"""Dose-response: success against the size of a shift, and the size at which half of it is lost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from para_bench.report.statistics.isotonic import non_increasing
from para_bench.report.statistics.rates import CONFIDENCE, Estimate, Interval
from para_bench.report.statistics.resampling import unit_weights
from para_bench.report.statistics.seeds import rate, t_interval_of_units
from para_bench.types import ParaBenchError

RESAMPLES = 2000
ROUNDING = 1e-12
"""A rate counts as one half within this tolerance, for round-off."""


@dataclass(frozen=True)
class DoseCurve:
    angles_deg: tuple[float, ...]
    """Ascending, the first is 0."""
    rates: tuple[Estimate, ...]
    """Success at each angle."""
    half_deg: float
    """Half-success angle; inf where success stays above half up to the last angle, nan where nothing succeeds at the first."""
    half_interval: Interval
    """Bootstrap interval of `half_deg`; of an end beyond the last angle only that is known."""

    @property
    def resolved(self) -> bool:
        """Whether there is a half-success angle whose interval excludes any angle."""
        return math.isfinite(self.half_deg) and (self.half_interval.low > 0 or self.half_interval.high <= self.angles_deg[-1])


def half_angle(angles_deg: np.ndarray, rates: np.ndarray) -> float:
    """Angle at which success has fallen to half of its value at the first angle, on straight lines between the angles.

    Rates (A,) are first made non-increasing (isotonic regression), so that one lucky angle moves little; half is that of the first
    rate as it was measured. inf where half is never reached, nan where nothing succeeds at the first angle.
    """
    return float(half_angles(angles_deg, np.asarray(rates, float)[None])[0])


def half_angles(angles_deg: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """`half_angle` of each row of rates (B, A). Shape (B,)."""
    angles, rates = np.asarray(angles_deg, float), np.asarray(rates, float)
    fitted, half = non_increasing(rates), rates[:, 0] / 2
    below = fitted <= half[:, None] + ROUNDING
    i = np.maximum(np.argmax(below, axis=1), 1)  # at the first angle the fit is at least the rate itself
    rows = np.arange(len(fitted))
    before, after = fitted[rows, i - 1], fitted[rows, i]
    drop = np.where(before > after, before - after, 1.0)
    found = angles[i - 1] + (before - half) / drop * (angles[i] - angles[i - 1])
    return np.where(half == 0, np.nan, np.where(below.any(axis=1), found, np.inf))


def dose_curve(angles_deg: Sequence[float], outcomes: np.ndarray, resamples: int = RESAMPLES, seed: int = 0) -> DoseCurve:
    """Curve of outcomes (S, A, N): training seeds, angles, scenes that the angles share; angle 0 comes first.

    The interval of the half-success angle is a percentile bootstrap over scenes, and over training seeds too where S > 1, each
    drawn on its own (Owen 2007, Ann. Appl. Stat. 1:386). A bootstrap over three seeds is too short (it held 83 to 92 % in simulation),
    so a t interval over the seeds' own half-success angles widens it where all of them are finite. The fixed `seed` makes the same
    records print the same interval.
    """
    angles, outcomes = np.asarray(angles_deg, float), np.asarray(outcomes, bool)
    if outcomes.ndim != 3 or outcomes.shape[1] != angles.size:
        raise ParaBenchError(f"outcomes have shape {outcomes.shape}; allowed: (seeds, {angles.size} angles, scenes)")
    if angles.size < 2 or angles[0] != 0 or not np.all(np.diff(angles) > 0):
        raise ParaBenchError(f"angles are {list(angles_deg)}; allowed: two or more, ascending, from 0")
    halves = _resampled_halves(angles, outcomes, resamples, np.random.default_rng(seed))
    return DoseCurve(
        angles_deg=tuple(angles.tolist()),
        rates=tuple(rate(outcomes[:, i : i + 1]) for i in range(angles.size)),
        half_deg=half_angle(angles, outcomes.mean(axis=(0, 2))),
        half_interval=percentiles(halves).hull(t_interval_of_units(half_angles(angles, outcomes.mean(axis=2)))),
    )


def percentiles(halves: np.ndarray) -> Interval:
    """Bootstrap interval of a half-success angle from those of resamples (B,).

    A resample without any success has no half-success angle: it counts as 0 at the low end and as inf at the high end.
    """
    tail = (1 - CONFIDENCE) / 2
    low = np.quantile(np.where(np.isnan(halves), 0.0, halves), tail, method="inverted_cdf")
    high = np.quantile(np.where(np.isnan(halves), np.inf, halves), 1 - tail, method="inverted_cdf")
    return Interval(float(low), float(high))


def _resampled_halves(angles_deg: np.ndarray, outcomes: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """Half-success angle of each bootstrap resample. Shape (resamples,)."""
    n_seeds, _, n_scenes = outcomes.shape
    of_scenes, of_seeds = unit_weights(rng, n_scenes, resamples), unit_weights(rng, n_seeds, resamples)
    rates = np.einsum("bs,bsa->ba", of_seeds, np.einsum("bn,san->bsa", of_scenes, outcomes.astype(float), optimize=True))
    return half_angles(angles_deg, rates)


def format_half(curve: DoseCurve) -> str:
    """ "23.5 deg [18.0, > 45]", "not resolved" where every angle is in the interval."""
    last = curve.angles_deg[-1]

    def text(angle_deg: float) -> str:
        return f"> {last:g}" if angle_deg > last else f"{angle_deg:.1f}"

    if np.isnan(curve.half_deg):
        return "none: no success"
    if math.isfinite(curve.half_deg) and not curve.resolved:
        return "not resolved"
    return f"{text(curve.half_deg)} deg [{text(curve.half_interval.low)}, {text(curve.half_interval.high)}]"


def check_zero_dose(zero: Mapping[int, bool], control: Mapping[int, bool]) -> None:
    """Raise where 0 deg and the control differ: the same policy in the same scenes must give the same outcomes (scene index -> success)."""
    differing = sorted(i for i in zero.keys() | control.keys() if zero.get(i) != control.get(i))
    if differing:
        raise ParaBenchError(f"0 deg differs from the control in scenes {differing[:10]} ({len(differing)} in all); allowed: none")
