"""Half-success angles of a method that was trained on several demonstration sets: sets outermost, seeds within them, scenes crossed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from para_bench.report.statistics import two_way
from para_bench.report.statistics.dose import RESAMPLES, DoseCurve, dose_curve, half_angles, percentiles
from para_bench.report.statistics.resampling import training_weights, unit_weights
from para_bench.report.statistics.seeds import t_interval_of_units
from para_bench.types import ParaBenchError


def dose_curve_over_sets(angles_deg: Sequence[float], outcomes: np.ndarray) -> DoseCurve:
    """Curve of outcomes (D, S, A, N): demonstration sets, training seeds, angles, scenes that the angles share; angle 0 comes first.

    As `dose_curve`, isotonic fit included, with two differences where D > 1: the bootstrap draws sets, then seeds in them, and
    the t interval that widens it is over the sets' own half-success angles. One set is `dose_curve` itself.
    """
    outcomes = np.asarray(outcomes, bool)
    if outcomes.ndim != 4:
        raise ParaBenchError(f"found outcomes of shape {outcomes.shape}; allowed: (sets, seeds, angles, scenes)")
    pooled = dose_curve(angles_deg, outcomes.reshape(-1, *outcomes.shape[2:]), RESAMPLES if len(outcomes) == 1 else 1)
    if len(outcomes) == 1:
        return pooled
    angles = np.asarray(angles_deg, float)
    halves = _resampled_halves(angles, outcomes, np.random.default_rng(0))
    return DoseCurve(
        angles_deg=pooled.angles_deg,
        rates=tuple(two_way.rate(outcomes[:, :, i : i + 1]) for i in range(angles.size)),
        half_deg=pooled.half_deg,
        half_interval=percentiles(halves).hull(t_interval_of_units(half_angles(angles, outcomes.mean(axis=(1, 3))))),
    )


def _resampled_halves(angles_deg: np.ndarray, outcomes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Half-success angle of each bootstrap resample. Shape (RESAMPLES,)."""
    sets, seeds, _, scenes = outcomes.shape
    trainings, of_scenes = training_weights(rng, sets, seeds, RESAMPLES), unit_weights(rng, scenes, RESAMPLES)
    rates = np.einsum("bds,bn,dsan->ba", trainings, of_scenes, outcomes.astype(float), optimize=True)
    return half_angles(angles_deg, rates)
