"""Bootstrap weights of a nested and crossed design: sets, seeds within sets, and scenes crossed with both."""

from __future__ import annotations

from functools import lru_cache

import numpy as np


def training_weights(rng: np.random.Generator, sets: int, seeds: int, resamples: int) -> np.ndarray:
    """Weight of each training in each resample, shape (resamples, D, S), adding up to 1 in each.

    Sets are drawn with replacement, then the seeds of each drawn set, anew each time that it is drawn (Davison & Hinkley 1997, Bootstrap
    Methods and their Application, 3.8). With one set this is a draw of seeds.
    """
    drawn = rng.multinomial(sets, np.full(sets, 1 / sets), size=resamples)  # times that a set was drawn
    return rng.multinomial(drawn * seeds, np.full(seeds, 1 / seeds)) / (sets * seeds)


def unit_weights(rng: np.random.Generator, units: int, resamples: int) -> np.ndarray:
    """Weight of each unit, shape (resamples, units), adding up to 1 in each.

    Scenes and trainings are crossed: each are drawn on their own (Owen 2007, Ann. Appl. Stat. 1:386).
    """
    return rng.multinomial(units, np.full(units, 1 / units), size=resamples) / units


@lru_cache(maxsize=8)  # a table asks for the same draws in each of its rows
def chunks(sets: int, seeds: int, scenes: int, resamples: int, size: int, seed: int) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Weights of trainings and of scenes for `resamples` resamples, at most `size` at a time; callers only read them."""
    rng, found = np.random.default_rng(seed), []
    for start in range(0, resamples, size):
        count = min(size, resamples - start)
        found.append((training_weights(rng, sets, seeds, count), unit_weights(rng, scenes, count)))
    return tuple(found)
