"""One machine's part of a plan: what it trains, then what it rolls out; tables are printed of the whole, once it is merged."""

from __future__ import annotations

from collections.abc import Sequence

from para_bench.commands.parts.statement import state
from para_bench.execution.schedule import Schedule
from para_bench.execution.share import Share, parse_shard
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.lock import output_lock
from para_bench.runs import run


def run_shard(runs: Sequence[RunConfig], shard: str, todo: Schedule | None = None, trainings_at_once: int | None = None) -> None:
    """Do the part of `shard` ("2/8") of runs, one a split.

    Args:
        runs: The plan; the same on every machine.
        shard: Which part.
        todo: What is left of the part, of a suite, whose trainings come first and side by side; a run trains as it goes.
        trainings_at_once: As `train_recipes`.
    """
    share = Share(runs, parse_shard(shard))
    if todo is not None:
        from para_bench.execution.local import train_recipes  # torch from here on

        with output_lock(runs[0].out):
            train_recipes(todo.left, runs[0], trainings_at_once)
    for config in runs:
        done, _ = run(config, share.of(config))
        state(config, done)
        print(f"shard {shard} of {config.split}: {len(done)} episodes in {config.out / config.split}")
    print(f"once every shard is done: para-bench merge SHARD_1 ... SHARD_{parse_shard(shard).count} --out DIR")
