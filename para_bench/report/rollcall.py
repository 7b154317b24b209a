"""The episodes of a table, selected from records; none may be missing, and no two may contradict each other."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import TypeVar

from para_bench.records import EpisodeRecord
from para_bench.report.roster import ConditionKey, Expected, Roster
from para_bench.types import ParaBenchError

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Name = TypeVar("Name", str, int)
Slot = tuple[str, ConditionKey, int, int]
"""Head, condition, training seed and scene index."""


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
    wanted = _wanted(records, expected)
    suite_version = _only("suite version", {r.suite_version for r in wanted})
    split = _only("split", {r.split for r in wanted})
    _only("task", {r.task for r in wanted})
    _only("robot", {r.robot for r in wanted})
    _refuse_other_scenes(wanted)
    found: dict[Slot, EpisodeRecord] = {}
    for r in wanted:
        found.setdefault((r.head, (r.condition, r.level), r.train_seed, r.scene_index), r)
    _refuse_missing(found.keys(), expected)
    _refuse_other_trainings(wanted, expected.description.apart)
    demos = _demos(wanted, expected)
    backbones = _distinct((r.head, r.backbone) for r in wanted)
    return Roster(
        suite_version,
        split,
        backbones={head: _only(f"backbone of head {head}", backbones[head]) for head in expected.seeds},
        demos=demos,
        expected=expected,
        episodes={
            (head, condition): [[found[head, condition, seed, i] for i in expected.indices(condition)] for seed in seeds]
            for head, seeds in expected.seeds.items()
            for condition in expected.scenes
        },
    )


def _wanted(records: Iterable[EpisodeRecord], expected: Expected) -> list[EpisodeRecord]:
    indices = {condition: frozenset(expected.indices(condition)) for condition in expected.scenes}
    found = [
        r for r in records if r.train_seed in expected.seeds.get(r.head, ()) and r.scene_index in indices.get((r.condition, r.level), ())
    ]
    if not found:
        raise ParaBenchError(f"no records of the heads {', '.join(expected.seeds)}; allowed: all episodes of each")
    return found


def _refuse_other_scenes(wanted: Sequence[EpisodeRecord]) -> None:
    scene_hashes: dict[tuple[str, str, int], str] = {}
    for r in wanted:
        first_hash = scene_hashes.setdefault((r.condition, r.level, r.scene_index), r.scene_hash)
        if r.scene_hash != first_hash:
            raise ParaBenchError(
                f"scene {r.scene_index} of {r.condition} {r.level} is {first_hash} for one policy and {r.scene_hash} for head {r.head}; "
                "allowed: the same scene for all"
            )


def _refuse_other_trainings(wanted: Sequence[EpisodeRecord], apart: bool) -> None:
    """One checkpoint and one demonstration set for each head and training seed, where conditions are `apart` for each of them too."""
    policies = _distinct(
        (
            (r.head, r.train_seed, (r.condition, r.level) if apart else None),
            r.checkpoint_hash + (f"/{r.policy_hash}" if r.policy_hash else ""),
        )
        for r in wanted
    )
    for (head, seed, condition), hashes in policies.items():
        where = f", condition {condition[0]} {condition[1]}" if condition else ""
        _only(f"checkpoint of head {head}, training seed {seed}{where}", hashes)
    for (head, seed), found in _distinct(((r.head, r.train_seed), r.demo_seed) for r in wanted).items():
        if len(found) > 1:
            raise ParaBenchError(f"demonstrations of head {head}, training seed {seed}: found seeds {found}; allowed: one")


def _demos(wanted: Sequence[EpisodeRecord], expected: Expected) -> dict[tuple[str, ConditionKey], int]:
    """Number of demonstrations by head and condition, the same in all conditions that one training serves."""
    found = _distinct(((r.head, (r.condition, r.level)), r.demos) for r in wanted)
    counts = {(h, c): _only(f"number of demonstrations of head {h}, condition {c[0]} {c[1]}", each) for (h, c), each in found.items()}
    if not expected.description.apart:
        for head in expected.seeds:
            _only(f"number of demonstrations of head {head}", {count for (h, _), count in counts.items() if h == head})
    return counts


def _distinct(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, set[Value]]:
    """The different values of each key, keys in order of first appearance."""
    found: dict[Key, set[Value]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return found


def _refuse_missing(found: Collection[Slot], expected: Expected) -> None:
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


def _only(name: str, values: set[Name]) -> Name:
    if len(values) != 1:
        raise ParaBenchError(f"{name}: found {sorted(values)}; allowed: one, so give the folders one at a time")
    return next(iter(values))
