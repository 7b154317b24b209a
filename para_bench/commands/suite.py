"""`para-bench suite`: shows the schedule, trains what is shared once, then runs split after split."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from tyro.conf import OmitArgPrefixes, Positional

from para_bench.options import WORKERS, MachineOptions, Range, SuiteVersions


@dataclass(frozen=True)
class Suite:
    """Run many heads, splits and training seeds; trainings that splits share are done once, and what is there is not done again.

    smoke (does it run), ci (guards success rates), headline, breadth, rivals, others, video, imagenet and finetuned (the parts of the
    reference results), paper (everything, five seeds). --plan shows how long each takes, about.
    Example: para-bench suite ci --out runs/ci
    """

    name: Positional[str] = "smoke"
    """Which one; `para-bench list` tells what is in it."""
    splits: tuple[str, ...] = ()
    """Only these of its splits; all if not given."""
    machine: OmitArgPrefixes[MachineOptions] = field(default_factory=MachineOptions)
    trainings_at_once: Annotated[int | None, WORKERS] = None
    """Trainings side by side; as many as --workers on the CPU, 1 on a GPU if not given. The number changes no weight."""
    suite_version: SuiteVersions = 2
    """1 is the first release: one object and one target, whose results lie in results/."""
    plan: bool = False
    """Only show what is there and what is left, in core-hours, disk and hours; for that 20 steps and 3 episodes of each head are timed."""
    timing: bool = True
    """With --plan: --no-timing shows the table alone, at once."""
    machines: Annotated[int, Range(1, 10_000)] = 1
    """With --plan: how many machines like this one would share the work."""
    shard: str | None = None
    """i/n: do the part of machine i of n, each into an --out of its own, for `para-bench merge` (docs/CLUSTERS.md)."""

    def __call__(self) -> None:
        if self.plan:
            from para_bench.commands.parts.suite_plan import show_plan

            show_plan(self.name, self.machine, self.splits, self.suite_version, self.timing, self.machines)
            return
        from para_bench.commands.parts.suite_run import run_suite

        run_suite(self.name, self.machine, self.splits, self.trainings_at_once, self.suite_version, self.shard)
