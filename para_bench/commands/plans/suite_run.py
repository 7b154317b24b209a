"""A suite: what is left of it shown, what its splits share trained once, then split after split."""

from __future__ import annotations

from para_bench.commands.plans.chosen_suite import ChosenSuite
from para_bench.commands.plans.suite_plan import share_of, show_schedule
from para_bench.execution.cost import refuse_too_large
from para_bench.execution.schedule import schedule
from para_bench.execution.share import parse_shard
from para_bench.options import THIS_MACHINE, ExecutorOptions
from para_bench.rollouts.lock import output_lock


def run_suite(
    suite: ChosenSuite, trainings_at_once: int | None = None, shard: str | None = None, where: ExecutorOptions = THIS_MACHINE
) -> None:
    """Everything of a suite that is not in `machine.out` yet, or one machine's part of it; tables as it goes.

    Args:
        suite: Which runs.
        trainings_at_once: As `train_recipes`.
        shard: Which part, "2/8"; None for all of it.
        where: This machine, or a cluster.

    Raises:
        ParaBenchError: as `ChosenSuite.runs`, or a part of another form or with a cluster.
    """
    if shard is not None:
        parse_shard(shard)
    where.check_shard(shard)
    here = where.executor == "local"
    runs, machine = suite.runs(here), suite.machine
    share = share_of(runs, shard)
    todo = schedule(runs, share)
    show_schedule(suite.name, todo, share)
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
    from para_bench.execution.local import train_recipes  # torch from here on

    with executor(where.executor, where.address) as elsewhere:
        with output_lock(machine.out):
            if elsewhere is None:
                train_recipes(todo.left, runs[0], trainings_at_once)
            else:
                elsewhere.train(todo.left, runs[0], trainings_at_once)
        for run in runs:
            run_and_show(run, elsewhere)
