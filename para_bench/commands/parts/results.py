"""Results folders as the suite knows them: rows in the order of its tables of heads and splits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import product
from pathlib import Path

from para_bench.benchmarks.conditions import name_on
from para_bench.benchmarks.descriptions import describe
from para_bench.benchmarks.splits import SPLITS, known_split
from para_bench.commands.parts.fairness import known_facts
from para_bench.heads import HEADS
from para_bench.records.description import Description
from para_bench.report.inventory import SplitResults, take
from para_bench.robots import ROBOTS
from para_bench.tasks import TASKS


def results(paths: Iterable[str | Path], splits: Collection[str] = (), heads: Collection[str] = ()) -> list[SplitResults]:
    """See `inventory.take`, with the fairness records; without `splits`, all that are found: task by task, in the order of SPLITS.

    Raises:
        ParaBenchError: as `take`.
    """
    paths = list(paths)
    facts = known_facts(paths)
    found = [replace(result, facts=facts) for result in take(paths, splits, heads, described, tuple(HEADS))]
    if splits:
        return found
    ranks = {name_on(split, task, robot): rank for rank, (task, robot, split) in enumerate(product(TASKS, ROBOTS, SPLITS))}
    return sorted(found, key=lambda result: ranks.get(result.split, len(ranks)))


def described(split: str, suite_version: str) -> Description | None:
    """A split as a version of the suite has it; None for one that it does not have."""
    found = known_split(split, suite_version)
    return None if found is None else describe(found)
