"""Exact test over scenes: how often a difference as large would occur by chance if each scene were equally likely to favour either side."""

from __future__ import annotations

import numpy as np

from para_bench.types import ParaBenchError


def flips_p(differences: np.ndarray) -> float:
    """Two-sided p that the sum of whole-number differences, one a scene (N,), is as far from 0, over all 2^N choices of their signs.

    Fisher's randomisation test (Fisher 1935, The Design of Experiments, 21). With differences of -1, 0 and 1, that is one training on
    each side, it is the exact McNemar test. With many scenes it is near a t test over scenes; where few differ at all it stays
    correct, which a t test does not: four scenes lost and none won are p = 0.125 however many episodes there were in each.
    """
    whole = np.rint(differences)
    if whole.ndim != 1 or not np.allclose(whole, differences, atol=1e-6):
        raise ParaBenchError(f"found differences {np.asarray(differences)[:5]}; allowed: one whole number a scene")
    sizes = np.abs(whole[whole != 0]).astype(int)
    if sizes.size == 0:
        return 1.0
    divisor = int(np.gcd.reduce(sizes))
    sizes, total = sizes // divisor, abs(int(whole.sum())) // divisor
    # Probability of each sum of the sizes that are chosen positive, in [0, sum of sizes]; the signed sum is twice that less all.
    chances = np.ones(1)
    for size in sizes:
        longer = np.zeros(chances.size + size)
        longer[: chances.size] = chances
        longer[size:] += chances
        chances = longer / 2
    signed = 2 * np.arange(chances.size) - int(sizes.sum())
    return min(1.0, float(chances[np.abs(signed) >= total].sum()))
