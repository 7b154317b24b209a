"""Variance components of the two-way model: units (training seeds or demonstration sets) by scenes.

The success of method m, unit u and scene n is

    y_mun = mean_m + unit_u(m) + scene_n + (method x scene)_mn + (unit x scene)_u(m)n,

the last term with the chance of the single episode in it. Units are random and nested in the method, scenes are random and crossed with
all: a multi-reader multi-case study whose readers are nested in the modality (Obuchowski & Rockette 1995, Commun. Stat. Simul.
Comput. 24:285; readers nested in tests: Hillis 2014, Stat. Med. 33:330). With V_u, V_ms, V_us the variances of the random terms, the
difference of two means has the variance

    V_u / U + V_us / (U N)    for each method, the units' term: estimated by the variance of its unit means over U,
  + V_ms / N                  of both together, the scenes' term: variance of scene differences over N, less the chance variance in it,

where the chance, V_us / (U N), is the residual mean square over U N. `scene_n` is in both means and cancels from their difference.
Tables have shape (U, N).
"""

from __future__ import annotations

import math

import numpy as np

from para_bench.report.statistics.retraining import Change, residual


def of_methods(first: np.ndarray, second: np.ndarray) -> Change:
    """Mean of `first` minus mean of `second`, of policies trained apart: units' terms of both + the scenes' term of their difference.

    Degrees of freedom by Satterthwaite's rule over the two units' terms, as Hillis (2007, Stat. Med. 26:596), but with a variance for
    each method: freedom = variance^2 / (units_1^2 / (U_1 - 1) + units_2^2 / (U_2 - 1)). Where one method varies with its training and
    the other does not, the pooled freedom of U_1 + U_2 - 2 gave 8 % false alarms at 5 % (3 seeds a side; perf/two_way.py has the present
    rate); where both vary alike it is the same. A method of one unit has no variance of its own and takes the other's.
    """
    value = float(first.mean() - second.mean())
    sides = (first, second) if len(first) > 1 else (second, first)
    chances = [_chance(side, sides[0]) for side in sides]
    terms = [_units(side, sides[0], chance) for side, chance in zip(sides, chances, strict=True)]
    by_scene = first.mean(axis=0) - second.mean(axis=0)
    variance = sum(terms) + max(_over_scenes(by_scene) - sum(chances), 0.0)
    if len(sides[1]) == 1:  # one estimate for both terms
        return _change(value, variance, sum(terms) ** 2 / (len(sides[0]) - 1), by_scene.size)
    squares = sum(term**2 / (len(side) - 1) for term, side in zip(terms, sides, strict=True))
    return _change(value, variance, squares, by_scene.size)


def of_one(table: np.ndarray) -> Change:
    """Mean of one table with its error: of a method's rate, or of what a shift costs the same policies in the same scenes.

    In the second case the table holds y_control - y_shifted of each unit and scene. unit_u, scene_n and (unit x scene)_un are in both
    conditions and cancel; what is left is how differently units and scenes bear the shift, the same model with one method:
    the single-test form of Hillis (2007), freedom = (U - 1) (variance / units' term)^2.
    """
    chance = _chance(table, table)
    term = _units(table, table, chance)
    by_scene = table.mean(axis=0)
    variance = term + max(_over_scenes(by_scene) - chance, 0.0)
    return _change(float(table.mean()), variance, term**2 / (len(table) - 1), by_scene.size)


def _change(value: float, variance: float, squares: float, scenes: int) -> Change:
    """The degrees of freedom are capped at those of the scenes, which alone vary where units agree."""
    freedom = variance**2 / squares if squares > 0 else math.inf
    return Change(value, math.sqrt(variance), min(freedom, max(scenes - 1, 1)))


def _units(side: np.ndarray, known: np.ndarray, chance: float) -> float:
    """Units' term, at least the variance that chance alone gives: a few units may agree by luck."""
    source = side if len(side) > 1 else known
    return max(float(source.mean(axis=1).var(ddof=1)) / len(side), chance)


def _chance(side: np.ndarray, known: np.ndarray) -> float:
    source = side if len(side) > 1 else known
    return residual(source) / side.size


def _over_scenes(by_scene: np.ndarray) -> float:
    return float(by_scene.var(ddof=1)) / by_scene.size if by_scene.size > 1 else 0.0
