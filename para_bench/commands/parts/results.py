"""Results folders as this version of the suite knows them: rows in the order of its tables of heads and splits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from para_bench.benchmarks.splits import SPLITS
from para_bench.heads import HEADS
from para_bench.report.inventory import SplitResults, take
from para_bench.report.roster import Condition


def results(paths: Iterable[str | Path], splits: Collection[str] = (), heads: Collection[str] = ()) -> list[SplitResults]:
    """See `inventory.take`; without `splits`, all that are found, in the order of SPLITS.

    Raises:
        ParaBenchError: as `take`.
    """
    found = take(paths, splits, heads, layout, tuple(HEADS))
    if splits:
        return found
    ranks = {split: rank for rank, split in enumerate(SPLITS)}
    return sorted(found, key=lambda result: ranks.get(result.split, len(ranks)))


def layout(split: str, episodes: int) -> dict[Condition, Sequence[int]]:
    """Scene indices of each condition, as `para-bench run` hands them out; none for a split that is not in SPLITS."""
    if split not in SPLITS:
        return {}
    return {c.key: c.indices(episodes) for c in SPLITS[split].all_conditions if c.indices(episodes)}
