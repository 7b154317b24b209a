"""`para-bench tune`: the search that every head gets, on validation scenes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from tyro.conf import OmitArgPrefixes, Positional

from para_bench.options import COUNT, DEMOS, RATE, REPLAN, SIZE_PX, STEPS, WORKERS, FeatureOptions, MachineOptions, SuiteVersions
from para_bench.types import REPLAN_STEPS, ParaBenchError

if TYPE_CHECKING:
    from para_bench.benchmarks.searched import Measured


@dataclass(frozen=True)
class Tune:
    """Search the learning rate, augmentation and steps of heads on validation scenes.

    Every head gets the same grid. A cell is one combination of rate, augmentation, steps and demonstrations. The best cell of a head
    has the smallest median grasp error. A cell that is in the table is run again only where its features or its code differ, so a
    cut-off search continues. Test scenes are never looked at.

    `run` takes rate and augmentation of a head from the table of the package; of a head that is not in it, from searched.csv in --out.
    It compares cells of the nearest image size, waypoints a look, demonstrations and epochs. Steps are not taken over. The fairness
    record names a head that neither table has.

    A head of yours, and then a run that takes what was found: para-bench tune my_head:MyHead --out runs

    The table of the package: para-bench tune para global_token --rates 3e-4 1e-3 3e-3 --table searched.csv
    """

    heads: Positional[tuple[str, ...]]
    """Heads to search, one or more."""
    rates: Annotated[tuple[float, ...], RATE] = (3e-4, 1e-3, 3e-3)
    """Learning rates."""
    augmentations: tuple[Literal["off", "colour", "turns"], ...] = ("off", "colour", "turns")
    """Of the copies: off (as they were seen), colour, or turns (colour, and the camera turned and zoomed)."""
    steps: Annotated[tuple[int, ...], STEPS] = ()
    """Optimiser steps. If not given, 1600 for 20 demonstrations, and as many epochs for other numbers (suite version 1: 1600)."""
    demos: Annotated[tuple[int, ...], DEMOS] = (20,)
    """Demonstrations. The last lines tell how many are enough for a head: the smallest number whose best cell places 90 % of the
    validation scenes. Cells that are in the table already count too. `para-bench list --searches TABLE` shows it again."""
    scenes: Annotated[int, COUNT] = 100
    """Validation scenes of each cell."""
    task: str = "place"
    """What the robot has to do, see `para-bench list`."""
    backbone: str = "efficientnet_lite0"
    """Which features. The default never saw this renderer; `run` has another default, so name the same in both."""
    image_size: Annotated[int, SIZE_PX] = 224
    """Side of the camera's images [px]."""
    features: OmitArgPrefixes[FeatureOptions] = field(default_factory=FeatureOptions)
    replan_steps: Annotated[int, REPLAN] = REPLAN_STEPS
    """Waypoints executed before the policy looks again."""
    suite_version: SuiteVersions = 2
    """1 is the first release."""
    table: Path | None = None
    """Results are added here, and cells of the same code that are in it are not run again; searched.csv in --out if not given, where
    `run` looks."""
    machine: OmitArgPrefixes[MachineOptions] = field(default_factory=MachineOptions)
    trainings_at_once: Annotated[int | None, WORKERS] = None
    """Trainings side by side; as many as --workers on the CPU, 1 on a GPU if not given."""

    def __call__(self) -> None:
        from para_bench.benchmarks.profiles import find_profile
        from para_bench.benchmarks.searched import OWN_TABLE, read
        from para_bench.benchmarks.splits import find_split
        from para_bench.commands.parts.device import check_device, find_runtime
        from para_bench.commands.parts.places import check_place
        from para_bench.execution.tuning import Grid, tune
        from para_bench.robots import ROBOTS
        from para_bench.rollouts.config import RunConfig
        from para_bench.rollouts.lock import output_lock
        from para_bench.tasks import find_task

        check_heads(self.heads)
        check_device(self.machine.device)
        split = find_split("validation", find_task(self.task).name, next(iter(ROBOTS)), self.suite_version)
        config = RunConfig(
            split.name,
            self.heads,
            find_profile("default"),
            self.suite_version,
            backbone=self.backbone,
            image_size=self.image_size,
            replan_steps=self.replan_steps,
            references=(),
            feature_runtime=find_runtime(self.features.feature_runtime, self.suite_version, self.machine.device),
            **vars(self.machine),
        )
        config.check()
        table = self.table or config.out / OWN_TABLE
        grid = Grid(self.rates, self.augmentations, self.steps, self.demos, self.scenes)
        if self.table is not None:
            check_place(self.table)
        with output_lock(self.machine.out):
            rows = tune(config, grid, table, self.trainings_at_once)
        for line in (*lines(rows), *enough_lines(read(table), rows)):
            print(line)
        print(f"rows: {table}")


def check_heads(names: Sequence[str]) -> None:
    """Raises ParaBenchError for unknown ones, and for references, which have nothing to search."""
    from para_bench.heads import HEADS
    from para_bench.plugins import PATH_FORM, is_path
    from para_bench.rollouts.references import REFERENCES
    from para_bench.text import meant

    allowed = f"allowed: one or more of {', '.join(HEADS)}, or {PATH_FORM}"
    for name in names:
        if name in REFERENCES:
            raise ParaBenchError(f"head {name!r} learns nothing; {allowed}")
        if name not in HEADS and not is_path(name):
            raise ParaBenchError(f"head {name!r} is unknown; {allowed}{meant(name, HEADS)}")


def lines(rows: Sequence[Measured]) -> list[str]:
    """A table for the terminal: a line a cell, the best one of each head marked."""
    from para_bench.benchmarks.chosen import best

    marked = {best([row for row in rows if (row.head, row.demos) == key]) for key in {(row.head, row.demos) for row in rows}}
    found = [f"  {'head':22} {'demos':>5} {'steps':>6} {'rate':>7} {'augmentation':12} {'grasp cm':>8} {'success':>9} {'strict':>6}"]
    for row in rows:
        measured = f"{row.grasp_cm:8.2f} {row.success:5}/{row.scenes:<3} {row.strict:6}"
        text = f"{row.head:22} {row.demos:5} {row.steps:6} {row.learning_rate:7g} {row.augmentation:12} {measured}"
        found.append(f"{'*' if row in marked else ' '} {text}")
    return [*found, "* the smallest median grasp error of the head"]


def enough_lines(table: Sequence[Measured], rows: Sequence[Measured]) -> list[str]:
    """For each head of `rows`: how many demonstrations are enough, of all that `table` holds of its kind."""
    from para_bench.benchmarks.enough import SOUND, enough, kind_of

    asked, found = {kind_of(row) for row in rows}, []
    for each in enough(table):
        if each.kind in asked:
            said = f"{each.demos} demonstrations are enough" if each.demos else "no number tried is enough"
            counts = ", ".join(map(str, each.tried))
            found.append(f"{each.kind.head}: {said} for {100 * SOUND:.0f} % of the validation scenes (tried: {counts})")
    return found
