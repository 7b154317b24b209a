"""A suite: what is left of it shown, what its splits share trained once, then split after split."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from para_bench.backbones.runtimes import TORCH
from para_bench.benchmarks.conditions import DEFAULT_TASK
from para_bench.benchmarks.versions import CURRENT
from para_bench.commands.plans.suite_plan import runs_of, share_of, show_schedule
from para_bench.execution.cost import refuse_too_large
from para_bench.execution.schedule import schedule
from para_bench.execution.share import parse_shard
from para_bench.options import THIS_MACHINE, ExecutorOptions, MachineOptions, SeenOptions
from para_bench.rollouts.lock import output_lock
from para_bench.types import REPLAN_STEPS


def run_suite(
    name: str,
    machine: MachineOptions,
    splits: Collection[str] = (),
    trainings_at_once: int | None = None,
    suite_version: int = CURRENT,
    replan_steps: int = REPLAN_STEPS,
    seen: SeenOptions | None = None,
    sizes: Mapping[str, int] | None = None,
    tasks: Collection[str] = (DEFAULT_TASK,),
    feature_runtime: str = TORCH,
    shard: str | None = None,
    where: ExecutorOptions = THIS_MACHINE,
    references: tuple[str, ...] | None = None,
) -> None:
    """Everything of a suite that is not in `machine.out` yet, or one machine's part of it; tables as it goes.

    Arguments as `runs_of`, and:

    Args:
        trainings_at_once: As `train_left`.
        shard: Which part, "2/8"; None for all of it.
        where: This machine, or a cluster.
        references: Rows of REFERENCES that are rolled out too; None for those of the suite version.
    """
    if shard is not None:
        parse_shard(shard)
    where.check_shard(shard)
    here = where.executor == "local"
    runs = runs_of(name, machine, splits, suite_version, replan_steps, seen, sizes, tasks, feature_runtime, here=here)
    runs = [replace(run, references=references) for run in runs]
    share = share_of(runs, shard)
    todo = schedule(runs, share)
    show_schedule(name, todo, share)
    if here:  # else the nodes keep the features
        refuse_too_large(todo.left, machine.out)
    minutes = todo.seconds / 60
    others = f"{machine.workers} {'workers' if here else 'cores'}"
    print(f"about {minutes:.0f} min left with {others}" if minutes >= 1 else "less than a minute left")
    if shard is not None:
        from para_bench.commands.plans.shard_run import run_shard

        run_shard(runs, shard, todo, trainings_at_once)
        return
    from para_bench.commands.parts.shown_run import run_and_show
    from para_bench.execution.executor import executor
    from para_bench.execution.local import train_left  # torch from here on

    with executor(where.executor, where.address) as elsewhere:
        with output_lock(machine.out):
            if elsewhere is None:
                train_left(todo, runs[0], trainings_at_once)
            else:
                elsewhere.train(todo.left, runs[0], trainings_at_once)
        for run in runs:
            run_and_show(run, elsewhere)
