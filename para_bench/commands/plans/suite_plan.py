"""What is there of a suite and what is left, in core-hours, disk and hours; nothing is done, and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from para_bench.commands.plans.chosen_suite import ChosenSuite
from para_bench.execution.cost import free_bytes
from para_bench.execution.schedule import Schedule, pretrainings, schedule
from para_bench.execution.share import Share, parse_shard
from para_bench.rollouts.config import RunConfig

if TYPE_CHECKING:
    from para_bench.execution.estimate import Estimate


def share_of(runs: list[RunConfig], shard: str | None) -> Share | None:
    """One machine's part ("2/8") of the runs of a suite; None for all of it.

    Raises:
        ParaBenchError: another form.
    """
    return None if shard is None else Share(runs, parse_shard(shard))


def show_schedule(name: str, todo: Schedule, share: Share | None = None) -> None:
    """The table of what is there and what is left, of a suite or of one machine's part of it."""
    title = f"Suite {name}" + (f", shard {share.shard}" if share else "")
    table = Table("what", "there", "left", title=title, title_justify="left")
    table.add_row("trainings", str(sum(todo.done)), str(len(todo.left)))
    if weights := set(todo.weights.values()):
        left = len(pretrainings(todo.weights))
        table.add_row("backbone weights", str(len(weights) - left), str(left))
    for split in todo.splits:
        table.add_row(f"episodes {split.split}", str(split.done), str(split.episodes - split.done))
    Console(soft_wrap=True).print(table)


def show_plan(suite: ChosenSuite, timing: bool = True, machines: int = 1, shard: str | None = None) -> None:
    """The schedule of a suite and, with `timing`, what is left of it in core-hours, disk and hours of `machines` machines.

    With `shard`, all is of that part alone, on one machine.
    """
    runs, workers = suite.runs(), suite.machine.workers
    share = share_of(runs, shard)
    todo = schedule(runs, share)
    show_schedule(suite.name, todo, share)
    if not timing or all(split.done == split.episodes for split in todo.splits):
        return
    from para_bench.execution.estimate import estimate, machines_s
    from para_bench.execution.timing import time_plan  # torch and the simulator from here on

    rates = time_plan(runs, todo.trainings)
    counts = list(dict.fromkeys((1, machines)))
    left = estimate(runs, todo, rates, share)
    seconds = {count: machines_s(runs, todo, rates, count) if share is None else left.core_s / workers for count in counts}
    print("\n".join(lines(left, seconds, workers)))
    if left.disk_bytes > (free := free_bytes()):
        print(f"NOT ENOUGH DISK: {_gigabytes(free)} are free for the cache (PARA_BENCH_CACHE names another disk)")


def lines(left: Estimate, seconds: dict[int, float], workers: int) -> Sequence[str]:
    """What `--plan` prints below its table.

    Args:
        left: Of what is left.
        seconds: By the number of machines, their wall time.
        workers: Of each.
    """
    parts = {
        "demonstrations": left.collecting_s,
        "images and features": left.images_s,
        **({"training of backbone weights": left.pretraining_s} if left.pretraining_s else {}),
        "training": left.training_s,
        "episodes": left.episodes_s,
        "starting workers": left.starting_s,
    }
    told = ", ".join(f"{part} {_hours(value)}" for part, value in parts.items())
    found = [f"left: {_hours(left.core_s)} core-hours ({told}) and {_gigabytes(left.disk_bytes)} of disk"]
    for count, wall in seconds.items():
        machines = f"{count} machines like this one with {workers} workers each" if count > 1 else f"1 machine with {workers} workers"
        found.append(f"{_duration(wall)} on {machines}")
    return found


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.3g}"


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.0f} GB" if count >= 1e10 else f"{count / 1e9:.2g} GB"


def _duration(seconds: float) -> str:
    if seconds >= 7200:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
