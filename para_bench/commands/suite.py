"""`para-bench suite`: shows the schedule, trains what is shared once, then runs split after split."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from tyro.conf import FlagCreatePairsOff, OmitArgPrefixes, Positional

from para_bench.options import (
    DEMOS,
    REPLAN,
    STEPS,
    WORKERS,
    ExecutorOptions,
    FeatureOptions,
    MachineOptions,
    Range,
    SeenOptions,
    SuiteVersions,
    refuse_idle,
)
from para_bench.types import REPLAN_STEPS, ParaBenchError


@dataclass(frozen=True)
class Suite:
    """Run many heads, splits and training seeds; a training that splits share is done once.

    What is on record is not done again. Suites: smoke (does it run), ci (guards success rates), factorial (the published results of
    version 2), diversity (numbers of training cameras and rooms), headline, breadth, rivals, others, video, imagenet and finetuned
    (those of version 1, with --suite-version 1), paper (everything, five seeds). --plan shows about how long each takes.

    Example: para-bench suite ci --out runs/ci

    Every task in distribution: para-bench suite factorial --splits id --task place stack insert wipe
    """

    name: Positional[str] = "smoke"
    """Name of the suite; `para-bench list` tells what is in each."""
    splits: tuple[str, ...] = ()
    """Only these of its splits; all if not given."""
    machine: OmitArgPrefixes[MachineOptions] = field(default_factory=MachineOptions)
    task: tuple[str, ...] = ("place",)
    """What the robot has to do: one task or several, each with every split and its own trainings."""
    demo_seeds: Annotated[int | None, Range(1, 1000)] = None
    """Demonstration sets; the suite's number if not given."""
    demos: Annotated[int | None, DEMOS] = None
    """Demonstrations in each set; the suite's number if not given."""
    steps: Annotated[int | None, STEPS] = None
    """Optimiser steps of each training. If not given, as many epochs as the suite has (suite version 1: as many steps)."""
    seeds: Annotated[int | None, Range(1, 1000)] = None
    """Training seeds on each set; the suite's number if not given."""
    trainings_at_once: Annotated[int | None, WORKERS] = None
    """Trainings side by side; as many as --workers on the CPU, 1 on a GPU if not given. The number changes no weight."""
    suite_version: SuiteVersions = 2
    """1 is the first release: one object and one target, whose results lie in results/v1/."""
    replan_steps: Annotated[int, REPLAN] = REPLAN_STEPS
    """Waypoints executed before the policy looks again."""
    training_views: OmitArgPrefixes[SeenOptions] = field(default_factory=SeenOptions)
    features: OmitArgPrefixes[FeatureOptions] = field(default_factory=FeatureOptions)
    plan: bool = False
    """Only show what is missing and its cost in core-hours, disk and hours; times 20 steps and 3 episodes of each head for that.
    With --shard: of that part alone."""
    no_timing: Annotated[bool, FlagCreatePairsOff] = False
    """With --plan: show the table at once, without the cost."""
    machines: Annotated[int | None, Range(1, 10_000)] = None
    """With --plan: how many machines like this one would share the work; 1 if not given."""
    shard: str | None = None
    """i/n: do the part of machine i of n, each into an --out of its own, for `para-bench merge` (docs/CLUSTERS.md)."""
    cluster: OmitArgPrefixes[ExecutorOptions] = field(default_factory=ExecutorOptions)
    log: str | None = None
    """Follow the curves of trainings with tensorboard, trackio or wandb, each an extra of its name; nothing if not given."""

    def check(self) -> None:
        """Raises ParaBenchError for options that nothing would read."""
        if not self.plan:
            refuse_idle(self, ("no_timing", "machines"), "without --plan", "with it")
            return
        refuse_idle(self, ("trainings_at_once", "log"), "with --plan, which trains nothing")
        if self.cluster.executor != "local":
            raise ParaBenchError(
                f"--plan with --executor {self.cluster.executor}; allowed: --executor local, a plan is timed on this machine"
            )
        if self.no_timing:
            refuse_idle(self, ("machines",), "with --no-timing, which tells no hours")
        if self.shard is not None:
            refuse_idle(self, ("machines",), "with --shard", "one of them")

    def __call__(self) -> None:
        sizes = {name: value for name in ("demo_seeds", "seeds", "demos", "steps") if (value := getattr(self, name)) is not None}
        show_declaration(self.name, self.task)

        from para_bench.commands.plans.chosen_suite import ChosenSuite

        how = (self.suite_version, self.replan_steps, self.training_views, sizes, self.task, self.features.feature_runtime)
        chosen = ChosenSuite(self.name, self.machine, self.splits, *how)
        if self.plan:
            from para_bench.commands.plans.suite_plan import show_plan

            show_plan(chosen, timing=not self.no_timing, machines=self.machines or 1, shard=self.shard)
            return
        from para_bench.commands.follow.followed import followed
        from para_bench.commands.plans.suite_run import run_suite

        with followed(self.log, self.machine.out):
            run_suite(chosen, self.trainings_at_once, self.shard, self.cluster)
        if self.shard is None:
            show_contrasts(self.name, self.machine.out)


def show_declaration(suite: str, tasks: Collection[str]) -> None:
    """Print what a suite declares, before its first episode, and of which tasks it declares nothing."""
    from rich.console import Console

    from para_bench.benchmarks.conditions import DEFAULT_TASK
    from para_bench.benchmarks.contrasts import find_declaration

    if (found := find_declaration(suite)) is None:
        return
    lines = list(found.lines()) if DEFAULT_TASK in tasks else []
    if others := [task for task in tasks if task != DEFAULT_TASK]:
        lines.append(f"Suite {suite} declares contrasts on task {DEFAULT_TASK} alone. Comparisons on {', '.join(others)} are exploratory.")
    Console(soft_wrap=True, highlight=False).print("\n".join(lines), markup=False)


def show_contrasts(suite: str, out: Path) -> None:
    """Print what a suite declared with its verdicts, and write contrasts.csv, and contrasts.md above the tables of its splits."""
    from rich.console import Console

    from para_bench.benchmarks.contrasts import find_declaration
    from para_bench.commands.parts.declared import family
    from para_bench.commands.parts.results import results
    from para_bench.files import write_text
    from para_bench.report.tables import contrasts, render

    if (found := find_declaration(suite)) is None or not any((out / split).is_dir() for split in found.splits):
        return
    at_hand = {result.split: result for result in results([out])}
    table, lines = contrasts.contrast_table(at_hand, family(found), found.alpha, found.floor), found.lines()
    Console(soft_wrap=True).print(contrasts.to_console(table, lines))
    tables = [path.read_text(encoding="utf-8") for split in at_hand if (path := out / split / "table.md").is_file()]
    write_text(out / "contrasts.md", "\n".join([f"# Suite {suite}\n", contrasts.to_markdown(table, lines), *tables]))
    write_text(out / "contrasts.csv", render.csv(table))
