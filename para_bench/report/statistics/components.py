"""Variance components of the two-way model: units (training seeds or demonstration sets) by scenes.

The success of method m, unit u and scene n is

    y_mun = mean_m + unit_u(m) + scene_n + (method x scene)_mn + (unit x scene)_u(m)n,

the last term with the chance of the single episode in it. Units are random and nested in the method, scenes are random and crossed with
all: a multi-reader multi-case study whose readers are nested in the modality (Obuchowski & Rockette 1995, Commun. Stat. Simul.
Comput. 24:285; readers nested in tests: Hillis 2014, Stat. Med. 33:330). With V_u, V_ms, V_us the variances of the random terms,

    units' term    V_u / U + V_us / (U N)       estimated by the variance of unit means over U,
    chance         V_us / (U N)                 estimated by the residual mean square over U N,
    scenes' term   V_ms / N (of both methods)   estimated by the variance of scene differences over N, less the chance in it.

`scene_n` is in both means and cancels from their difference.
"""

from __future__ import annotations

import math

import numpy as np

from para_bench.report.statistics.retraining import Change
from para_bench.report.statistics.trainings import Trainings


def of_methods(first: Trainings, second: Trainings) -> Change:
    """Mean of `first` minus mean of `second`, of policies trained apart: units' terms of both + the scenes' term of their difference.

    Degrees of freedom by Satterthwaite's rule over the two units' terms, as Hillis (2007, Stat. Med. 26:596) but with a variance for each
    method: freedom = variance^2 / (units_1^2 / (U_1 - 1) + units_2^2 / (U_2 - 1)). One method may vary with its training and
    the other not; the pooled freedom of U_1 + U_2 - 2, which is right where both vary alike, then gave 8 % false alarms at 5 %
    (perf/two_way.py). A method of one unit has no variance of its own and takes the other's.
    """
    value = first.value - second.value
    sides = (first, second) if len(first.table) > 1 else (second, first)
    chances = [_chance(side, sides[0]) for side in sides]
    terms = [_units(side, sides[0], chance) for side, chance in zip(sides, chances, strict=True)]
    by_scene = first.table.mean(axis=0) - second.table.mean(axis=0)
    variance = sum(terms) + max(_over_scenes(by_scene) - sum(chances), 0.0)
    if len(sides[1].table) == 1:  # one estimate for both terms
        return _change(value, variance, sum(terms) ** 2 / (len(sides[0].table) - 1), by_scene.size)
    squares = sum(term**2 / (len(side.table) - 1) for term, side in zip(terms, sides, strict=True))
    return _change(value, variance, squares, by_scene.size)


def of_one(trainings: Trainings) -> Change:
    """Mean of one table with its error: of a method's rate, or of what a shift costs the same policies in the same scenes.

    In the second case the table holds y_control - y_shifted of each unit and scene. unit_u, scene_n and (unit x scene)_un are in both
    conditions and cancel; what is left is how differently units and scenes bear the shift, the same model with one method:
    the single-test form of Hillis (2007), freedom = (U - 1) (variance / units' term)^2.
    """
    chance = _chance(trainings, trainings)
    term = _units(trainings, trainings, chance)
    by_scene = trainings.table.mean(axis=0)
    variance = term + max(_over_scenes(by_scene) - chance, 0.0)
    return _change(trainings.value, variance, term**2 / (len(trainings.table) - 1), by_scene.size)


def _change(value: float, variance: float, squares: float, scenes: int) -> Change:
    """Never more degrees of freedom than the scenes have, which are all that is left where units agree."""
    freedom = variance**2 / squares if squares > 0 else math.inf
    return Change(value, math.sqrt(variance), min(freedom, max(scenes - 1, 1)))


def _units(side: Trainings, known: Trainings, chance: float) -> float:
    """Units' term, never less than what chance alone makes of it or, of sets, than what the seeds in them do: a few may agree by luck."""
    source = side if len(side.table) > 1 else known
    spread = float(source.table.mean(axis=1).var(ddof=1))
    return max(max(spread, source.nested) / len(side.table), chance)


def _chance(side: Trainings, known: Trainings) -> float:
    source = side if len(side.table) > 1 else known
    return _residual(source.table) / side.table.size


def _over_scenes(by_scene: np.ndarray) -> float:
    return float(by_scene.var(ddof=1)) / by_scene.size if by_scene.size > 1 else 0.0


def _residual(table: np.ndarray) -> float:
    """Variance of (U, N) after its unit and scene means; 0 where nothing is left to vary."""
    free = (len(table) - 1) * (table.shape[1] - 1)
    squares = np.square(table - table.mean(axis=0) - table.mean(axis=1, keepdims=True) + table.mean()).sum()
    return float(squares) / free if free else 0.0
