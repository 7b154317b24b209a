"""Which scenes each condition of a split was tested on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.records.factors import Factor, cell_of
from para_bench.report.roster import ConditionKey
from para_bench.types import ParaBenchError


def infer_scenes(
    found: Sequence[EpisodeRecord], tested: Iterable[ConditionKey], episodes: int, known: Mapping[ConditionKey, Sequence[int]]
) -> dict[ConditionKey, tuple[int, ...]]:
    """Scene indices of the conditions that were tested, in the order of rows.

    Where `known` names a condition it decides. Else the levels of a factor must each be tested on all of 0 .. episodes-1, or divide
    these indices among them, as the cells of a map do.

    Args:
        found: Records that count.
        tested: Conditions in which anything was ever tested, which may be more.
        episodes: Scenes that were asked for.
        known: Scene indices of each condition; empty where the split is not known.

    Raises:
        ParaBenchError: a scene that no policy has a record of.
    """
    indices: dict[ConditionKey, set[int]] = {}
    for r in found:
        indices.setdefault((r.condition, r.level), set()).add(r.scene_index)
    factors = {factor for factor, _ in indices}
    for condition in tested:  # of a map, fewer episodes than before leave cells without any
        if condition in known or (not known and condition[0] not in factors):
            indices.setdefault(condition, set())
    rows = [*(condition for condition in known if condition in indices), *_natural(c for c in indices if c not in known)]
    for factor in dict.fromkeys(factor for factor, _ in rows):
        members = {c: indices[c] for c in rows if c[0] == factor and c not in known}
        if members:
            _refuse_gaps(found[0].split, factor, members, episodes)
    return {condition: tuple(known.get(condition, sorted(indices[condition]))) for condition in rows}


def inferred(split: str, scenes: Mapping[ConditionKey, Sequence[int]]) -> Description:
    """A description inferred from records: a factor is a map where its levels name cells and divide the scenes among them."""
    levels: dict[str, list[ConditionKey]] = {}
    for condition in scenes:
        levels.setdefault(condition[0], []).append(condition)
    return Description(split, factors=tuple(Factor(name, "map") for name, found in levels.items() if _is_map(found, scenes)))


def _is_map(levels: Sequence[ConditionKey], scenes: Mapping[ConditionKey, Sequence[int]]) -> bool:
    cells = {cell_of(level) for _, level in levels if level[:1].isalpha()}
    indices = [scenes[level] for level in levels]
    return len(levels) > 1 and None not in cells and len(cells) == len(levels) and len(set().union(*indices)) == sum(map(len, indices))


def natural(level: str) -> tuple:
    """Sorts levels as a reader would: 5 before 10, a0e9 before a0e10, -5 before 5."""
    try:
        return (0, float(level))
    except ValueError:
        return (1, [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", level)])


def _natural(conditions: Iterable[ConditionKey]) -> list[ConditionKey]:
    """`id` first, then factors as first found, their levels ascending."""
    conditions = list(conditions)
    factors = list(dict.fromkeys(factor for factor, _ in conditions))
    return sorted(conditions, key=lambda c: (c[0] != "id", factors.index(c[0]), natural(c[1])))


def _refuse_gaps(split: str, factor: str, indices: Mapping[ConditionKey, set[int]], episodes: int) -> None:
    whole, union = set(range(episodes)), set().union(*indices.values())
    if sum(map(len, indices.values())) == len(union) == episodes:
        return  # levels divide the scenes among them
    for (_, level), scenes in indices.items():
        missing = sorted(whole - scenes)
        if missing:
            raise ParaBenchError(
                f"split {split}, condition {factor} {level}: {len(missing)} of {episodes} scenes have no record of any head "
                f"(first: {missing[0]}); allowed: none missing"
            )
