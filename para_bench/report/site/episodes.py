"""Records of one split, sorted by head, condition and scene."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from para_bench.records import EpisodeRecord
from para_bench.report.axes import by_demo_seed
from para_bench.report.fairness.facts import Facts
from para_bench.report.roster import ConditionKey, Expected
from para_bench.report.statistics.methods import FIRST_VERSION, Methods, methods

EpisodeId = tuple[int, int]
"""(training seed, scene index)."""


@dataclass(frozen=True)
class SplitEpisodes:
    """What the pages of one split are made from. Unlike in a table's roster, episodes may be missing, which the pages then show."""

    name: str
    about: str
    """The split's line on what it trains and tests on."""
    expected: Expected
    """Heads, training seeds, conditions and scenes, in the order of the pages."""
    episodes: Mapping[tuple[str, ConditionKey], Mapping[EpisodeId, EpisodeRecord]]
    """By head and condition."""
    facts: Mapping[str, Facts] = field(default_factory=dict)
    """By checkpoint hash: the fairness record of each policy, as far as it is known."""

    @property
    def heads(self) -> list[str]:
        return list(self.expected.seeds)

    @property
    def conditions(self) -> list[ConditionKey]:
        return list(self.expected.scenes)

    @property
    def methods(self) -> Methods:
        """The statistics of its suite version."""
        every = (record for found in self.episodes.values() for record in found.values())
        return methods(next((record.suite_version for record in every), FIRST_VERSION))

    def nested(self, head: str, values: np.ndarray) -> np.ndarray:
        """Values whose first axis is the head's training seeds, with one axis more where there are several demonstration sets."""
        if not self.methods.nests:
            return values
        every = [record for (name, _), found in self.episodes.items() if name == head for record in found.values()]
        sets = {record.train_seed: record.demo_seed for record in every}
        return by_demo_seed(values, [sets[seed] for seed in self.expected.seeds[head]], f"head {head}")

    def found(self, head: str, condition: ConditionKey) -> Mapping[EpisodeId, EpisodeRecord]:
        """Episodes of a head in a condition; empty where it was not run there."""
        return self.episodes.get((head, condition), {})

    def complete(self, head: str) -> bool:
        """Whether no episode of a head is missing."""
        seeds = self.expected.seeds[head]
        return all(len(self.found(head, c)) == len(seeds) * len(self.expected.indices(c)) for c in self.conditions)

    def all(self, condition: ConditionKey) -> list[EpisodeRecord]:
        """Episodes of a condition by head, training seed and scene."""
        return [record for head in self.heads for _, record in sorted(self.found(head, condition).items())]


def split_episodes(
    name: str, about: str, expected: Expected, records: Iterable[EpisodeRecord], facts: Mapping[str, Facts] | None = None
) -> SplitEpisodes:
    """Sort records of one split; those that `expected` does not name are left out."""
    scenes = {condition: frozenset(expected.indices(condition)) for condition in expected.scenes}
    episodes: dict[tuple[str, ConditionKey], dict[EpisodeId, EpisodeRecord]] = {}
    for r in records:
        condition = (r.condition, r.level)
        if r.scene_index in scenes.get(condition, ()) and r.train_seed in expected.seeds.get(r.head, ()):
            episodes.setdefault((r.head, condition), {})[r.train_seed, r.scene_index] = r
    return SplitEpisodes(name, about, expected, episodes, facts or {})
