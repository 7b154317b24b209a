"""Isotonic regression of many short curves at once."""

from __future__ import annotations

import numpy as np


def non_increasing(rates: np.ndarray) -> np.ndarray:
    """Isotonic regression of each row of rates (B, A), with equal weights: the least-squares fit that never rises.

    By the min-max formula (Robertson, Wright & Dykstra 1988, Order Restricted Statistical Inference, 1.4): at each place the largest, over
    ends after it, of the smallest mean from a start before it. All rows at once; scipy's function takes one at a time.
    """
    sums, count = np.cumsum(np.pad(rates, ((0, 0), (1, 0))), axis=1), rates.shape[1]
    means = np.full((count, count, len(rates)), np.inf)  # of the places from start to end
    for start in range(count):
        for end in range(start, count):
            means[start, end] = (sums[:, end + 1] - sums[:, start]) / (end + 1 - start)
    return np.stack([means[: place + 1, place:].min(axis=0).max(axis=0) for place in range(count)], axis=1)
