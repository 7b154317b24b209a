"""A suite: what is left of it shown, what its splits share trained once, then split after split."""

from __future__ import annotations

from collections.abc import Collection

from rich.console import Console
from rich.table import Table

from para_bench.benchmarks.suites import find_suite
from para_bench.benchmarks.versions import CURRENT
from para_bench.commands.parts.device import check_device
from para_bench.execution.schedule import Schedule, configs, schedule
from para_bench.execution.share import parse_shard
from para_bench.options import MachineOptions
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.lock import output_lock


def run_suite(
    name: str,
    machine: MachineOptions,
    splits: Collection[str] = (),
    trainings_at_once: int | None = None,
    only_show: bool = False,
    suite_version: int = CURRENT,
    shard: str | None = None,
) -> None:
    """Everything of a suite that is not in `machine.out` yet, or one machine's part of it; tables as it goes."""
    if shard is not None:
        parse_shard(shard)
    found = find_suite(name)
    check_device(machine.device)
    base = RunConfig(split=found.splits[0], heads=found.heads, profile=found.profile, suite_version=suite_version, **vars(machine))
    runs = configs(found, base, splits)
    for run in runs:
        run.check()
    todo = schedule(runs)
    _show(name, todo, machine.workers)
    if only_show:
        return
    if shard is not None:
        from para_bench.commands.parts.shard_run import run_shard

        run_shard(runs, shard, todo, trainings_at_once)
        return
    from para_bench.commands.parts.shown_run import run_and_show
    from para_bench.execution.local import train_left  # torch from here on

    with output_lock(machine.out):
        train_left(todo, runs[0], trainings_at_once)
    for run in runs:
        run_and_show(run)


def _show(name: str, todo: Schedule, workers: int) -> None:
    console, table = Console(soft_wrap=True), Table("what", "there", "left", title=f"Suite {name}", title_justify="left")
    table.add_row("trainings", str(sum(todo.done)), str(len(todo.left)))
    for split in todo.splits:
        table.add_row(f"episodes {split.split}", str(split.done), str(split.episodes - split.done))
    console.print(table)
    minutes = todo.seconds / 60
    console.print(f"about {minutes:.0f} min left with {workers} workers" if minutes >= 1 else "less than a minute left")
