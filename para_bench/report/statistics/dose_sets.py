"""Half-success angles of a method that was trained on several demonstration sets: sets outermost, seeds within them, scenes crossed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from para_bench.report.statistics import two_way
from para_bench.report.statistics.dose import RESAMPLES, DoseCurve, dose_curve, half_angles
from para_bench.report.statistics.rates import CONFIDENCE, Interval
from para_bench.report.statistics.resampling import scene_weights, training_weights
from para_bench.report.statistics.seeds import t_interval
from para_bench.types import ParaBenchError


def dose_curve_over_sets(
    angles_deg: Sequence[float], outcomes: np.ndarray, confidence: float = CONFIDENCE, resamples: int = RESAMPLES, seed: int = 0
) -> DoseCurve:
    """Curve of outcomes (D, S, A, N): demonstration sets, training seeds, angles, scenes that the angles share; angle 0 comes first.

    As `dose_curve`, isotonic fit included, with two differences where D > 1: the bootstrap draws sets, then seeds in them, and
    the t interval that widens it is over the sets' own half-success angles. One set is `dose_curve` itself.
    """
    outcomes = np.asarray(outcomes, bool)
    if outcomes.ndim != 4:
        raise ParaBenchError(f"found outcomes of shape {outcomes.shape}; allowed: (sets, seeds, angles, scenes)")
    pooled = dose_curve(angles_deg, outcomes.reshape(-1, *outcomes.shape[2:]), confidence, resamples if len(outcomes) == 1 else 1, seed)
    if len(outcomes) == 1:
        return pooled
    angles = np.asarray(angles_deg, float)
    halves = _resampled_halves(angles, outcomes, resamples, np.random.default_rng(seed))
    # A resample without any success has no half-success angle: count it as 0 at the low end and as inf at the high end.
    tail = (1 - confidence) / 2
    low = float(np.quantile(np.where(np.isnan(halves), 0.0, halves), tail, method="inverted_cdf"))
    high = float(np.quantile(np.where(np.isnan(halves), np.inf, halves), 1 - tail, method="inverted_cdf"))
    return DoseCurve(
        angles_deg=pooled.angles_deg,
        rates=tuple(two_way.rate(outcomes[:, :, i : i + 1], confidence) for i in range(angles.size)),
        half_deg=pooled.half_deg,
        half_interval=Interval(low, high).hull(_over_sets(angles, outcomes, confidence)),
    )


def _over_sets(angles_deg: np.ndarray, outcomes: np.ndarray, confidence: float) -> Interval:
    """t interval over the sets' half-success angles; empty where one of them lies beyond the last angle or does not exist."""
    halves = half_angles(angles_deg, outcomes.mean(axis=(1, 3)))
    return t_interval(halves, 0.0, math.inf, confidence) if np.isfinite(halves).all() else Interval(math.inf, -math.inf)


def _resampled_halves(angles_deg: np.ndarray, outcomes: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """Half-success angle of each bootstrap resample. Shape (resamples,)."""
    sets, seeds, _, scenes = outcomes.shape
    trainings, of_scenes = training_weights(rng, sets, seeds, resamples), scene_weights(rng, scenes, resamples)
    rates = np.einsum("bds,bn,dsan->ba", trainings, of_scenes, outcomes.astype(float), optimize=True)
    return half_angles(angles_deg, rates)
