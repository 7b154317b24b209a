"""Which episodes a table needs, and the check that none of them is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
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
    """Complete and consistent episodes of one split of one suite version, made by `call`."""

    suite_version: str
    split: str
    backbones: Mapping[str, str]
    """Backbone by head."""
    demos: Mapping[tuple[str, ConditionKey], int]
    """By head and condition: number of demonstrations that the tested policy was trained on."""
    expected: Expected
    episodes: Mapping[tuple[str, ConditionKey], list[list[EpisodeRecord]]]
    """By head and condition: one list for each training seed, scenes in order."""

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
        return np.stack(levels, axis=1) if self._share_scenes(group) else np.concatenate(levels, axis=1)[:, None]

    def scenes(self, group: Group) -> list[int]:
        """Scene index of each of the N columns of `outcomes`."""
        members = group.members[:1] if self._share_scenes(group) else group.members
        return [i for member in members for i in self.expected.indices(member)]

    def _share_scenes(self, group: Group) -> bool:
        return len({self.expected.indices(member) for member in group.members}) == 1


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


def newest(records: Iterable[EpisodeRecord], apart: Collection[str] = ()) -> list[EpisodeRecord]:
    """Records of the checkpoint and code that wrote each policy's last line; those from before a change are left out.

    Used for folders without a record of the current policies (`records.current`), and to choose between folders.
    A policy is a head and training seed in a split; in the splits named in `apart` each condition has its own.
    """

    def policy(r: EpisodeRecord) -> tuple:
        return (r.split, r.head, r.train_seed, *((r.condition, r.level) if r.split in apart else ()))

    def state(r: EpisodeRecord) -> tuple[str, ...]:
        return r.suite_version, r.task, r.robot, r.checkpoint_hash, r.policy_hash, r.config_hash

    found = list(records)
    last = {policy(r): state(r) for r in found}
    return [r for r in found if last[policy(r)] == state(r)]


def call(records: Iterable[EpisodeRecord], expected: Expected) -> Roster:
    """Select the expected episodes from `records`, ignoring others; raise where one is missing or two contradict each other."""
    indices = {condition: frozenset(expected.indices(condition)) for condition in expected.scenes}
    wanted = [
        r for r in records if r.train_seed in expected.seeds.get(r.head, ()) and r.scene_index in indices.get((r.condition, r.level), ())
    ]
    if not wanted:
        raise ParaBenchError(f"no records of the heads {', '.join(expected.seeds)}; allowed: all episodes of each")
    suite_version = _only("suite version", {r.suite_version for r in wanted})
    split = _only("split", {r.split for r in wanted})
    _only("task", {r.task for r in wanted})
    _only("robot", {r.robot for r in wanted})
    apart = expected.description.apart
    found: dict[tuple[str, ConditionKey, int, int], EpisodeRecord] = {}
    scene_hashes: dict[tuple[ConditionKey, int], str] = {}
    policies: dict[tuple[str, int, ConditionKey | None], set[str]] = {}
    demos: dict[tuple[str, ConditionKey], set[int]] = {}
    demo_seeds: dict[tuple[str, int], set[int | None]] = {}
    for r in wanted:
        condition = (r.condition, r.level)
        found.setdefault((r.head, condition, r.train_seed, r.scene_index), r)
        policies.setdefault((r.head, r.train_seed, condition if apart else None), set()).add(
            r.checkpoint_hash + (f"/{r.policy_hash}" if r.policy_hash else "")
        )
        demos.setdefault((r.head, condition), set()).add(r.demos)
        demo_seeds.setdefault((r.head, r.train_seed), set()).add(r.demo_seed)
        first_hash = scene_hashes.setdefault((condition, r.scene_index), r.scene_hash)
        if r.scene_hash != first_hash:
            raise ParaBenchError(
                f"scene {r.scene_index} of {r.condition} {r.level} is {first_hash} for one policy and {r.scene_hash} for head {r.head}; "
                "allowed: the same scene for all"
            )
    backbones: dict[str, set[str]] = {}
    for r in wanted:
        backbones.setdefault(r.head, set()).add(r.backbone)
    _refuse_missing(found.keys(), expected)
    for (head, seed, condition), hashes in policies.items():
        where = f", condition {condition[0]} {condition[1]}" if condition else ""
        _only(f"checkpoint of head {head}, training seed {seed}{where}", hashes)
    for (head, seed), found_seeds in demo_seeds.items():
        if len(found_seeds) > 1:
            raise ParaBenchError(f"demonstrations of head {head}, training seed {seed}: found seeds {found_seeds}; allowed: one")
    counts = {(h, c): _only(f"number of demonstrations of head {h}, condition {c[0]} {c[1]}", found) for (h, c), found in demos.items()}
    if not apart:
        for head in expected.seeds:
            _only(f"number of demonstrations of head {head}", {count for (h, _), count in counts.items() if h == head})
    return Roster(
        suite_version,
        split,
        backbones={head: _only(f"backbone of head {head}", backbones[head]) for head in expected.seeds},
        demos=counts,
        expected=expected,
        episodes={
            (head, condition): [[found[head, condition, seed, i] for i in expected.indices(condition)] for seed in seeds]
            for head, seeds in expected.seeds.items()
            for condition in expected.scenes
        },
    )


def _refuse_missing(found: Collection[tuple[str, ConditionKey, int, int]], expected: Expected) -> None:
    gaps = []
    for head, seeds in expected.seeds.items():
        for condition in expected.scenes:
            scenes = expected.indices(condition)
            missing = [(seed, i) for seed in seeds for i in scenes if (head, condition, seed, i) not in found]
            if missing:
                seed, i = missing[0]
                where = f"head {head}, condition {condition[0]} {condition[1]}"
                gaps.append(
                    f"{where}: {len(missing)} of {len(scenes) * len(seeds)} episodes missing (first: training seed {seed}, scene {i})"
                )
    if gaps:
        more = f"; and {len(gaps) - 3} more such cells" if len(gaps) > 3 else ""
        raise ParaBenchError("; ".join(gaps[:3]) + more + "; allowed: none missing")


Value = TypeVar("Value", str, int)


def _only(name: str, values: set[Value]) -> Value:
    if len(values) != 1:
        raise ParaBenchError(f"{name}: found {sorted(values)}; allowed: one, so give the folders one at a time")
    return next(iter(values))
