"""`para-bench compare`: verdicts from records alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from para_bench.benchmarks import find_split
from para_bench.report import comparisons, records
from para_bench.report.roster import Expected
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.cli import Compare


def compare(args: Compare) -> None:
    heads = (args.head, *args.others)
    found = [r for r in records.read(args.results) if r.head in heads]
    splits = {r.split for r in found}
    if len(splits) != 1:
        raise ParaBenchError(f"{args.results} holds episodes of {heads} from splits {sorted(splits)}; allowed: one split")
    newest = {(r.head, r.train_seed): (r.checkpoint_hash, r.config_hash) for r in found}  # the last line of each counts
    found = [r for r in found if newest[r.head, r.train_seed] == (r.checkpoint_hash, r.config_hash)]
    scenes: dict[tuple[str, str], list[int]] = {}
    for condition in find_split(splits.pop()).all_conditions:
        indices = sorted({r.scene_index for r in found if (r.condition, r.level) == condition.key})
        if indices:
            scenes[condition.key] = indices
    seeds = {head: sorted(seed for h, seed in newest if h == head) for head in heads}
    table = comparisons.comparison_table(found, args.head, args.others, Expected(seeds, scenes))
    Console(soft_wrap=True).print(comparisons.to_console(table))
