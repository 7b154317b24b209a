"""The same heads in two results folders, scene by scene: two versions of the code, two backbones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import pandas as pd

from para_bench.report.inventory import SplitResults
from para_bench.report.roster import ConditionKey, Roster, groups
from para_bench.report.tables.comparisons import FIRST, SECOND, judged, row
from para_bench.types import ParaBenchError


class Folder(NamedTuple):
    name: str
    """Its printed name."""
    results: Sequence[SplitResults]

    def learned(self) -> list[str]:
        """Every trained head, in order."""
        return list(dict.fromkeys(head for result in self.results for head in result.learned))


class Match(NamedTuple):
    """One split that both folders hold completely and on the same scenes."""

    one: Roster
    other: Roster


def match(first: Folder, second: Folder, heads: Sequence[str], training_seeds: Collection[int] = ()) -> list[Match]:
    """Every split of both folders with these heads alone, and with these training seeds, all if none are named.

    Raises:
        ParaBenchError: episodes are missing, or splits, suite versions, heads, training seeds or scenes differ.
    """
    splits = [[result.split for result in folder.results] for folder in (first, second)]
    if set(splits[0]) != set(splits[1]):
        raise ParaBenchError(
            f"{first.name} holds the splits {', '.join(splits[0])}, {second.name} {', '.join(splits[1])}; "
            "allowed: the same in both, or those named by --split"
        )
    theirs = {result.split: result for result in second.results}
    found = [
        Match(_roster(first, mine, heads, training_seeds), _roster(second, theirs[mine.split], heads, training_seeds))
        for mine in first.results
    ]
    for one, other in found:
        _refuse_unequal(first.name, one, second.name, other)
    return found


def folder_table(first: Folder, second: Folder, matches: Sequence[Match]) -> pd.DataFrame:
    """Each head of `first` against itself in `second`, in every split and condition; the family is all rows.

    Episodes are paired by split, condition, scene and training seed, and tested as in `comparisons.comparison_table`.
    """
    rows = []
    for one, other in matches:
        for head in one.expected.seeds:
            for group in groups(one.expected):
                named = {"split": one.split, "head": head, FIRST: first.name, SECOND: second.name}
                rows.append(named | row(group, (one, head), (other, head)))
    return judged(rows)


def shared_heads(first: Folder, second: Folder) -> list[str]:
    """Trained heads of both, in the order of the first.

    Raises:
        ParaBenchError: there is none.
    """
    mine, theirs = first.learned(), second.learned()
    found = [head for head in mine if head in theirs]
    if not found:
        raise ParaBenchError(
            f"{first.name} holds the trained heads {', '.join(mine) or 'none'}, {second.name} {', '.join(theirs) or 'none'}; "
            "allowed: at least one in both"
        )
    return found


def _roster(folder: Folder, results: SplitResults, heads: Sequence[str], training_seeds: Collection[int]) -> Roster:
    try:
        return results.only(heads).of_seeds(training_seeds).roster
    except ParaBenchError as error:
        raise ParaBenchError(f"{folder.name}, split {results.split}: {error}") from None


def _refuse_unequal(first: str, one: Roster, second: str, other: Roster) -> None:
    """Raise where pairs of episodes would not belong together."""
    if one.suite_version != other.suite_version:
        raise ParaBenchError(f"suite version {one.suite_version} in {first}, {other.suite_version} in {second}; allowed: the same")
    for head, seeds in one.expected.seeds.items():
        if list(seeds) != list(other.expected.seeds[head]):
            theirs = list(other.expected.seeds[head])
            raise ParaBenchError(
                f"training seeds of {head}: {list(seeds)} in {first}, {theirs} in {second}; allowed: the same, or those named by --seeds"
            )
    for condition in dict.fromkeys((*one.expected.scenes, *other.expected.scenes)):
        where = f"split {one.split}, condition {' '.join(condition)}"
        mine, theirs = (set(roster.expected.indices(condition)) for roster in (one, other))
        if lost := sorted(mine ^ theirs):
            holds, lacks = (first, second) if lost[0] in mine else (second, first)
            count, other_count = len(mine), len(theirs)
            raise ParaBenchError(
                f"{where}: {count} scenes in {first}, {other_count} in {second} (first: {holds} has scene {lost[0]}, {lacks} not); "
                "allowed: the same"
            )
        _refuse_other_scenes(where, condition, first, one, second, other)


def _refuse_other_scenes(where: str, condition: ConditionKey, first: str, one: Roster, second: str, other: Roster) -> None:
    head = next(iter(one.expected.seeds))
    for mine, theirs in zip(one.episodes[head, condition][0], other.episodes[head, condition][0], strict=True):
        if mine.scene_hash != theirs.scene_hash:
            raise ParaBenchError(
                f"{where}, scene {mine.scene_index} is {mine.scene_hash} in {first} and {theirs.scene_hash} in {second}; "
                "allowed: the same scenes in both"
            )
