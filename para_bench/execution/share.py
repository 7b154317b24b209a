"""`--shard i/n`: which trainings and episodes of a plan are machine i's. A pure function of the plan, so machines need not communicate.

A training, those that start from it, and every episode of their policies belong to one machine: it needs no file of another. Each goes, the
longest first, to the machine with the least work so far; references, which are not trained, are divided by scene. Lengths are
estimates from the plan alone: what a machine has measured is not known to the others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from para_bench.benchmarks.conditions import Condition, Split
from para_bench.execution.schedule import EPISODE_S, SAMPLES_PER_S, TUNED_SAMPLES_PER_S
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.policies import Entry, recipes
from para_bench.training.recipe import Recipe
from para_bench.types import ParaBenchError

MOST_SHARDS = 10_000


class Shard(NamedTuple):
    """One machine of several."""

    index: int
    """From 1."""
    count: int

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"


def parse_shard(text: str) -> Shard:
    """A shard from its text, as "2/8".

    Raises:
        ParaBenchError: another form.
    """
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text, re.ASCII)
    shard = Shard(int(found[1]), int(found[2])) if found else Shard(0, 0)
    if not 1 <= shard.index <= shard.count <= MOST_SHARDS:
        raise ParaBenchError(f"--shard is {text[:40]!r}; allowed: i/n, such as 2/8, with i from 1 to n and n up to {MOST_SHARDS}")
    return shard


class Share:
    """One machine's part of a plan, which has one run for each split."""

    def __init__(self, runs: Sequence[RunConfig], shard: Shard) -> None:
        self._runs, self.shard = list(runs), shard
        self._owners = _owners(self._runs, shard.count)

    @property
    def trainings(self) -> list[Recipe]:
        """Its trainings, in the order of the plan."""
        return [recipe for recipe in _all(self._runs) if self.trains(recipe)]

    def trains(self, recipe: Recipe) -> bool:
        """Whether a training is this machine's."""
        return self._owners[_root(recipe)] == self.shard.index

    def of(self, run: RunConfig) -> ShareOfRun:
        """Its part of one run."""
        return ShareOfRun(self, run, run.find_split(), self.shard)


class ShareOfRun(NamedTuple):
    """`rollouts.policies.Part` of one run."""

    share: Share
    run: RunConfig
    split: Split
    shard: Shard

    def trains(self, recipe: Recipe) -> bool:
        return self.share.trains(recipe)

    def rolls(self, entry: Entry, condition: Condition, index: int) -> bool:
        if not entry.checkpoints or entry.outside is not None:  # a policy of others is trained nowhere
            return index % self.shard.count == self.shard.index - 1
        return self.trains(self.run.recipe(entry.head, entry.seed, self.split.training_of(condition)))


def _owners(runs: Sequence[RunConfig], count: int) -> dict[Recipe, int]:
    """Machine of each training that starts from none."""
    seconds: dict[Recipe, float] = {}
    for recipe in _all(runs):
        rate = TUNED_SAMPLES_PER_S if recipe.finetune else SAMPLES_PER_S
        seconds[_root(recipe)] = seconds.get(_root(recipe), 0.0) + recipe.train.steps * recipe.train.batch / rate
    for run in runs:
        split = run.find_split()
        for condition in split.all_conditions:
            episodes = len(condition.indices(run.profile.episodes))
            for head in run.learned:
                for seed in run.profile.trainings:
                    seconds[_root(run.recipe(head, seed, split.training_of(condition)))] += episodes * EPISODE_S
    load, owners = [0.0] * count, {}
    for root in sorted(seconds, key=lambda root: -seconds[root]):  # equal ones in the order of the plan
        machine = load.index(min(load))
        owners[root] = machine + 1
        load[machine] += seconds[root]
    return owners


def _all(runs: Sequence[RunConfig]) -> list[Recipe]:
    return list(dict.fromkeys(recipe for run in runs for recipe in recipes(run, run.find_split())))


def _root(recipe: Recipe) -> Recipe:
    return recipe if recipe.base is None else _root(recipe.base)
