"""Axes of arrays of episodes: levels of a condition, and demonstration sets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from para_bench.types import ParaBenchError


def by_level(levels: Sequence[np.ndarray], share_scenes: bool) -> np.ndarray:
    """Values (S, N) of each level as (S, C, N): levels that share scenes are an axis; others are joined to more scenes, with C = 1."""
    return np.stack(levels, axis=1) if share_scenes else np.concatenate(levels, axis=1)[:, None]


def by_demo_seed(values: np.ndarray, demo_seeds: Sequence[int | None], whose: str) -> np.ndarray:
    """Values (S, ...) of training seeds as (D, S / D, ...), where they were trained on D > 1 demonstration sets.

    Raises:
        ParaBenchError: some sets have more training seeds than others, for which no estimate is declared.
    """
    members = {seed: [i for i, other in enumerate(demo_seeds) if other == seed] for seed in dict.fromkeys(demo_seeds)}
    if len(members) < 2:
        return values
    if len(sizes := {len(found) for found in members.values()}) > 1:
        told = ", ".join(f"{len(found)} on {seed}" for seed, found in members.items())
        raise ParaBenchError(f"{whose} has training seeds by demonstration set {told}; allowed: as many on each, not {min(sizes)} and more")
    return np.stack([values[found] for found in members.values()])
