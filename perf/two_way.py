"""How often the tests between methods are wrong, and how often they find what is there: simulated outcomes, the package's own tests.

    python perf/two_way.py

Prints tables (about ten minutes on one core; --trials 300 for a first look): false alarms of `two_way.compare` beside the older
`seeds.difference_p` (all of exact McNemar and two paired t tests), the same for `gap`, and power. An episode succeeds where

    mean + scene + (method x scene) + set + (method x set) + seed + (seed x scene) + chance > 0,

all terms normal with the SDs of a world and chance of SD 1, the mean such that the success rate over endlessly many scenes and trainings is
exactly the one stated.

A design cannot vouch for what it does not vary: one training a side (exact McNemar) speaks of two checkpoints, so that "false alarms" over
seeds are what a reader would get who takes it for the methods; trainings on one set speak of that set. 3 sets x 2 seeds are
six seeds to the older test, which knows no sets.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import tyro
from scipy.stats import norm

from para_bench.report.statistics import seeds, two_way
from para_bench.report.statistics.families import ALPHA


@dataclass(frozen=True)
class World:
    """SDs of the random terms; 1 moves a rate of 50 % to 76 % where no other term varies but chance."""

    rate: float = 0.6
    scene: float = 1.0
    """Shared by all methods: an easy or a hard scene."""
    liking: float = 0.0
    """Of a scene for a method (or a condition)."""
    shared_set: float = 0.0
    """Of a demonstration set for all methods."""
    own_set: float = 0.0
    seed: float = 0.0
    other_seed: float | None = None
    """Of the second method; None for the same."""
    meeting: float = 0.3
    """Of a training for a scene."""


@dataclass(frozen=True)
class Design:
    sets: int
    seeds: int
    scenes: int = 100

    @property
    def name(self) -> str:
        return (f"{self.sets} sets x " if self.sets > 1 else "") + f"{self.seeds} x {self.scenes}"


ONE, THREE, SIX = Design(1, 1), Design(1, 3), Design(3, 2)
DESIGNS = (ONE, THREE, SIX)

# SDs in points of success rate at 60 %, over endlessly many scenes: 0.2 is 5, 0.4 is 10 points (scene SD 1), the range of the reference
# results over training seeds (results/: 1 to 9 points) and over demonstration sets (results/v1/demos_1, demos_2).
NULLS = {
    "chance and shared scenes alone": World(),
    "scenes that like one method": World(liking=0.7),
    "seeds": World(seed=0.3),
    "seeds and scenes": World(seed=0.3, liking=0.7),
    "seeds of one method only": World(seed=0.5, other_seed=0.0),
    "sets, shared by both methods": World(shared_set=0.4, seed=0.2),
    "sets, good for one method": World(own_set=0.4, seed=0.2),
    "sets, shared and own, and scenes": World(shared_set=0.3, own_set=0.3, seed=0.2, liking=0.5),
    "nearly all succeed (97 %)": World(rate=0.97, seed=0.2, liking=0.7),
    "nearly none succeed (4 %)": World(rate=0.04, seed=0.2, liking=0.7),
}
POWERS = ("seeds", "seeds and scenes", "sets, shared and own, and scenes")
LOSSES = (0.1, 0.2)


@dataclass(frozen=True)
class Args:
    trials: int = 2000
    """Simulated comparisons of each row."""


def outcomes(rng: np.random.Generator, world: World, design: Design, loss: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Two methods, (D, S, 1, N) each, trained apart on the same sets and tested in the same scenes; the second's rate is less by `loss`."""
    scene = world.scene * rng.standard_normal(design.scenes)
    sets = world.shared_set * rng.standard_normal((design.sets, 1, 1))
    return _method(rng, world, design, world.rate, scene + sets), _method(rng, _second(world), design, world.rate - loss, scene + sets)


def conditions(rng: np.random.Generator, world: World, design: Design, loss: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """One method's policies in two conditions, (D, S, 1, N) each; the world's seeds, likings and own sets differ between conditions.

    Besides, each policy has a strength and a liking for scenes that it keeps in both.
    """
    policies = (design.sets, design.seeds)
    shared = 0.3 * rng.standard_normal((*policies, 1)) + 0.3 * rng.standard_normal((*policies, design.scenes))
    scene = world.scene * rng.standard_normal(design.scenes)
    sets = world.shared_set * rng.standard_normal((design.sets, 1, 1))
    world = replace(world, scene=math.sqrt(world.scene**2 + 2 * 0.3**2))  # what all terms vary by sets the mean
    common = shared + scene + sets
    return _method(rng, world, design, world.rate, common), _method(rng, _second(world), design, world.rate - loss, common)


def _second(world: World) -> World:
    return world if world.other_seed is None else replace(world, seed=world.other_seed)


def _method(rng: np.random.Generator, world: World, design: Design, rate: float, common: np.ndarray) -> np.ndarray:
    own = (
        world.liking * rng.standard_normal(design.scenes)
        + world.own_set * rng.standard_normal((design.sets, 1, 1))
        + world.seed * rng.standard_normal((design.sets, design.seeds, 1))
        + world.meeting * rng.standard_normal((design.sets, design.seeds, design.scenes))
    )
    sds = (1.0, world.scene, world.liking, world.shared_set, world.own_set, world.seed, world.meeting)
    mean = norm.ppf(rate) * math.hypot(*sds)
    return (mean + common + own + rng.standard_normal(own.shape) > 0)[:, :, None]


Test = Callable[[np.ndarray, np.ndarray], float]
Draw = Callable[[np.random.Generator, World, Design, float], tuple[np.ndarray, np.ndarray]]


def older(first: np.ndarray, second: np.ndarray) -> float:
    """The older test, which knows no sets: each training is a seed."""
    return seeds.difference_p(*(values.reshape(-1, *values.shape[2:]) for values in (first, second)))


def newer(first: np.ndarray, second: np.ndarray) -> float:
    return two_way.compare(first, second).p


def newer_gap(first: np.ndarray, second: np.ndarray) -> float:
    return two_way.gap(first, second).p


def rejected(world: World, design: Design, trials: int, tests: Sequence[Test], loss: float = 0.0, draw: Draw = outcomes) -> list[float]:
    """Share of simulated comparisons that each test rejects at 5 %; the same draws for all tests and in every call."""
    rng = np.random.default_rng(0)
    found = np.zeros(len(tests))
    for _ in range(trials):
        pair = draw(rng, world, design, loss)
        found += [test(*pair) <= ALPHA for test in tests]
    return (found / trials).tolist()


def table(title: str, worlds: dict[str, World], trials: int, tests: Sequence[Test], loss: float = 0.0, draw: Draw = outcomes) -> None:
    print(f"\n{title}: older test -> two-way model, in percent of {trials}\n")
    print("| world | " + " | ".join(design.name for design in DESIGNS) + " |\n|" + "---|" * (len(DESIGNS) + 1), flush=True)
    for name, world in worlds.items():
        cells = [" -> ".join(f"{100 * share:.1f}" for share in rejected(world, design, trials, tests, loss, draw)) for design in DESIGNS]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def main(args: Args) -> None:
    table("False alarms between two methods", NULLS, args.trials, (older, newer))
    table("False alarms of a gap that is none", NULLS, args.trials, (older, newer_gap), draw=conditions)
    for loss in LOSSES:
        worlds = {f"{name}: 60 against {60 - 100 * loss:.0f} %": NULLS[name] for name in POWERS}
        table(f"Power at {100 * loss:.0f} points between two methods", worlds, args.trials, (older, newer), loss)
        table(f"Power at a gap of {100 * loss:.0f} points", worlds, args.trials, (older, newer_gap), loss, conditions)


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
