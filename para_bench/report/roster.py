"""Which episodes a table needs, and all of them at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.report.axes import by_demo_seed, by_level
from para_bench.report.statistics.methods import Methods, methods
from para_bench.types import ParaBenchError

ConditionKey = tuple[str, str]
"""Condition and level, ("view_angle", "25")."""

POOLED = "all"
"""Level of a row that pools all levels of its condition."""


@dataclass(frozen=True)
class Expected:
    """The episodes that must be there. The order of both mappings is the order of rows in every table."""

    seeds: Mapping[str, Sequence[int]]
    """Training seeds of each head."""
    scenes: Mapping[ConditionKey, int | Sequence[int]]
    """Scenes of each condition and level: a number n for the indices 0 .. n-1, or the indices themselves."""
    description: Description = field(default_factory=lambda: Description("unknown"))
    """Description of the split."""

    def indices(self, condition: ConditionKey) -> tuple[int, ...]:
        """Scene indices of a condition; empty where it is not expected."""
        scenes = self.scenes.get(condition, 0)
        return tuple(range(scenes)) if isinstance(scenes, int) else tuple(scenes)


class Group(NamedTuple):
    """One row of a table: a condition at one level, or at all its levels pooled."""

    condition: str
    level: str
    members: tuple[ConditionKey, ...]


def groups(expected: Expected, pooled: bool = True) -> list[Group]:
    """Rows in order; `pooled` makes one row of a condition that is a map."""
    pool = expected.description.maps if pooled else ()
    members: dict[ConditionKey, list[ConditionKey]] = {}
    for condition, level in expected.scenes:
        key = (condition, POOLED if condition in pool else level)
        members.setdefault(key, []).append((condition, level))
    found = [Group(*key, tuple(value)) for key, value in members.items()]
    for group in found:
        scenes = [expected.indices(member) for member in group.members]
        if len(set(scenes)) > 1 and len(set().union(*scenes)) < sum(map(len, scenes)):
            raise ParaBenchError(
                f"levels of {group.condition} to be pooled share some scenes; allowed: the same scenes in all, or none in two"
            )
    return found


@dataclass(frozen=True)
class Roster:
    """Complete and consistent episodes of one split of one suite version, made by `rollcall.call`."""

    suite_version: str
    split: str
    backbones: Mapping[str, str]
    """Backbone by head."""
    demos: Mapping[tuple[str, ConditionKey], int]
    """By head and condition: number of demonstrations that the tested policy was trained on."""
    expected: Expected
    episodes: Mapping[tuple[str, ConditionKey], list[list[EpisodeRecord]]]
    """By head and condition: one list for each training seed, scenes in order."""
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By checkpoint hash: the fairness record of each policy, as far as it is known."""

    def learns(self, head: str) -> bool:
        """Whether a head was trained; references were not."""
        return any(scenes[0].checkpoint_hash for (name, _), rows in self.episodes.items() if name == head for scenes in rows if scenes)

    @property
    def methods(self) -> Methods:
        """The statistics of its suite version."""
        return methods(self.suite_version)

    def sets(self, head: str) -> int:
        """Demonstration sets that its training seeds are nested in; 1 in tables that do not distinguish them."""
        return len(set(self._demo_seeds(head))) if self.methods.nests else 1

    def units(self, head: str, group: Group) -> np.ndarray:
        """`outcomes` as the statistics of its suite version take them: (D, S, C, N) where there are D > 1 demonstration sets."""
        return self.nested(head, self.outcomes(head, group))

    def nested(self, head: str, values: np.ndarray) -> np.ndarray:
        """Values whose first axis is the head's training seeds, with one axis more where there are several demonstration sets."""
        return by_demo_seed(values, self._demo_seeds(head), f"head {head}") if self.methods.nests else values

    def _demo_seeds(self, head: str) -> list[int | None]:
        """Demonstration seed of each training seed, in order."""
        rows = next(iter(found for (name, _), found in self.episodes.items() if name == head))
        return [scenes[0].demo_seed for scenes in rows]

    def records(self, head: str, group: Group) -> list[EpisodeRecord]:
        """All episodes of a row."""
        return [record for member in group.members for scenes in self.episodes[head, member] for record in scenes]

    def trained_on(self, head: str, group: Group) -> str:
        """Number of demonstrations behind a row: "20", or "4 to 256" where its levels differ."""
        counts = [self.demos[head, member] for member in group.members]
        return str(counts[0]) if len(set(counts)) == 1 else f"{min(counts)} to {max(counts)}"

    def looks_after(self, head: str, group: Group) -> str:
        """Waypoints that the policies of a row execute between two looks: "12"; empty where no record says."""
        steps = {scenes[0].replan_steps for member in group.members for scenes in self.episodes[head, member] if scenes}
        return " or ".join(map(str, sorted(found for found in steps if found is not None)))

    def outcomes(self, head: str, group: Group) -> np.ndarray:
        """Success at the end of each episode. Shape (S, C, N): training seeds, levels that share scenes, scenes as in `scenes`; bool."""
        return self.values(head, group, lambda record: record.success_at_end).astype(bool)

    def values(self, head: str, group: Group, of: Callable[[EpisodeRecord], float]) -> np.ndarray:
        """`of` applied to each episode. Shape as `outcomes`, float."""
        levels = [np.array([[of(r) for r in scenes] for scenes in self.episodes[head, member]], float) for member in group.members]
        return by_level(levels, self._share_scenes(group))

    def scenes(self, group: Group) -> list[int]:
        """Scene index of each of the N columns of `outcomes`."""
        members = group.members[:1] if self._share_scenes(group) else group.members
        return [i for member in members for i in self.expected.indices(member)]

    def _share_scenes(self, group: Group) -> bool:
        return len({self.expected.indices(member) for member in group.members}) == 1
