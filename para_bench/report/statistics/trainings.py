"""Outcomes of one or more trainings of a method as a table: its units (independent trainings) by scenes.

Outcomes have shape (S, C, N): training seeds, levels of a condition, scenes; or (D, S, C, N) where several demonstration sets were each
trained with S seeds. The seeds are nested in the sets: seed 0 of one set has nothing in common with seed 0 of another. Scenes are
crossed with everything: each training meets each scene.
"""

from __future__ import annotations

import numpy as np

from para_bench.types import ParaBenchError


def by_set(outcomes: np.ndarray) -> np.ndarray:
    """(S, C, N) or (D, S, C, N) as (D, S, C, N) of floats; D is 1 where demonstration sets are not distinguished.

    Raises:
        ParaBenchError: another number of dimensions, or one of them is 0.
    """
    outcomes = np.asarray(outcomes, float)
    if outcomes.ndim not in (3, 4) or outcomes.size == 0:
        raise ParaBenchError(
            f"found outcomes of shape {outcomes.shape}; allowed: (seeds, levels, scenes) or (sets, seeds, levels, scenes), none of them 0"
        )
    return outcomes if outcomes.ndim == 4 else outcomes[None]


def unit_table(outcomes: np.ndarray, sets: bool) -> np.ndarray:
    """Mean of each unit in each scene, shape (U, N). Units are demonstration sets where `sets`, else the training seeds of the only set.

    A set is one unit however many seeds it was trained with: its seeds share its demonstrations, so that they are no independent
    evidence of what other demonstrations would give (the error of a nested design is that of its outermost random factor: Searle, Casella
    & McCulloch 1992, Variance Components). 3 sets x 2 seeds have 2 degrees of freedom, not 5. More seeds still help: the mean
    of two varies less than one.
    """
    outcomes = by_set(outcomes)
    if sets:
        return outcomes.mean(axis=(1, 2))
    if len(outcomes) > 1:
        raise ParaBenchError(f"found {len(outcomes)} demonstration sets; allowed: one, where training seeds are the units")
    return outcomes[0].mean(axis=1)


def has_sets(*outcomes: np.ndarray) -> bool:
    """Whether one of them was trained on several demonstration sets."""
    return any(len(by_set(one)) > 1 for one in outcomes)


def count(outcomes: np.ndarray) -> int:
    """Trainings, D x S."""
    sets, seeds, _, _ = by_set(outcomes).shape
    return sets * seeds
