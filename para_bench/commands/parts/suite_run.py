"""A suite: what is left of it shown, what its splits share trained once, then split after split."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from para_bench.benchmarks.suites import find_suite
from para_bench.benchmarks.versions import CURRENT
from para_bench.commands.parts.device import check_device
from para_bench.commands.parts.shown_run import run_and_show
from para_bench.execution.local import train_left
from para_bench.execution.schedule import Schedule, configs, schedule
from para_bench.options import MachineOptions, SeenOptions
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.lock import output_lock
from para_bench.types import REPLAN_STEPS


def run_suite(
    name: str,
    machine: MachineOptions,
    splits: Collection[str] = (),
    trainings_at_once: int | None = None,
    only_show: bool = False,
    suite_version: int = CURRENT,
    replan_steps: int = REPLAN_STEPS,
    seen: SeenOptions | None = None,
    sizes: Mapping[str, int] | None = None,
) -> None:
    """Everything of a suite that is not in `machine.out` yet; tables as it goes.

    `sizes`: numbers that take the place of the suite's, by their names in `Profile`.
    """
    found = find_suite(name)
    found = replace(found, profile=replace(found.profile, **(sizes or {})))
    check_device(machine.device)
    how = {"suite_version": suite_version, "replan_steps": replan_steps, **vars(machine), **vars(seen or SeenOptions())}
    base = RunConfig(split=found.splits[0], heads=found.heads, profile=found.profile, **how)
    runs = configs(found, base, splits)
    for run in runs:
        run.check()
    todo = schedule(runs)
    _show(name, todo, machine.workers)
    if only_show:
        return
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
