"""`para-bench suite`: shows the plan, trains what is shared once, then runs split after split."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from para_bench.benchmarks.suites import configs, find_suite
from para_bench.commands.run import check_device, run_and_show
from para_bench.execution.local import Plan, plan, train_left
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.lock import output_lock
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from pathlib import Path

    from para_bench.arguments.running import Suite


def suite(args: Suite) -> None:
    if args.workers < 1:
        raise ParaBenchError(f"--workers is {args.workers}; allowed: 1 or more")
    check_device(args.device)
    run_suite(args.name, args.out, args.workers, args.device, args.plan, args.splits)


def run_suite(name: str, out: Path, workers: int, device: str = "auto", only_plan: bool = False, splits: tuple[str, ...] = ()) -> None:
    """Everything of a suite that is not in `out` yet; tables as it goes."""
    found = find_suite(name)
    runs = configs(
        found, RunConfig(split=found.splits[0], heads=found.heads, profile=found.profile, out=out, workers=workers, device=device), splits
    )
    for run in runs:
        run.check()
    todo = plan(runs)
    _show(name, todo, workers)
    if only_plan:
        return
    with output_lock(out):
        train_left(todo, runs[0])
    for run in runs:
        run_and_show(run)


def _show(name: str, todo: Plan, workers: int) -> None:
    console, table = Console(soft_wrap=True), Table("what", "there", "left", title=f"Suite {name}", title_justify="left")
    table.add_row("trainings", str(sum(todo.done)), str(len(todo.left)))
    for cell in todo.cells:
        table.add_row(f"episodes {cell.split}", str(cell.done), str(cell.total - cell.done))
    console.print(table)
    minutes = todo.seconds / 60
    console.print(f"about {minutes:.0f} min left with {workers} workers" if minutes >= 1 else "less than a minute left")
