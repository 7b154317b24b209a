"""The search: rates x augmentations x steps of a head, each trained alike and judged on the same validation scenes."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from para_bench.bars import Bar
from para_bench.benchmarks.profiles import resized
from para_bench.benchmarks.searched import NO_GRASP_CM, AugmentationName, Cell, Measured, read, write
from para_bench.benchmarks.versions import find_version
from para_bench.execution.cells import position_cm, validation_jobs
from para_bench.execution.cost import refuse_too_large
from para_bench.execution.local import train_recipes
from para_bench.records import Outcome
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.jobs import FEW_EPISODES, run_job
from para_bench.rollouts.workers import run_jobs
from para_bench.training.recipe import Recipe
from para_bench.training.trained import trained


@dataclass(frozen=True)
class Grid:
    """What is tried, the same for every head."""

    rates: Sequence[float]
    augmentations: Sequence[AugmentationName]
    steps: Sequence[int]
    """Empty: as many as the run's profile, or its epochs, for each number of demonstrations."""
    demos: Sequence[int]
    scenes: int
    """Validation scenes of each cell."""


def cells(config: RunConfig, grid: Grid) -> Iterator[tuple[Cell, Recipe]]:
    """Every cell of the heads of a run with its training, head after head."""
    training = config.find_split().training
    for head in config.learned:
        for demos, steps, augmentation, rate in itertools.product(grid.demos, grid.steps or (0,), grid.augmentations, grid.rates):
            sizes = {"demos": demos, **({"steps": steps} if steps else {})}
            profile = resized(config.profile, sizes, find_version(config.suite_version).same_epochs)
            recipe = replace(config, profile=profile, learning_rate=rate, augmentation=augmentation).recipe(head, 0, training)
            yield (
                Cell(
                    suite_version=config.suite_version,
                    task=training.task,
                    head=head,
                    backbone=config.backbone,
                    image_px=config.image_size,
                    demos=demos,
                    steps=profile.steps,
                    batch=profile.batch,
                    learning_rate=rate,
                    augmentation=augmentation,
                    replan_steps=config.replan_steps,
                    train_seed=0,
                    scenes=grid.scenes,
                ),
                recipe,
            )


def tune(config: RunConfig, grid: Grid, table: Path, at_once: int | None = None) -> list[Measured]:
    """Train and roll out the cells that have no row yet, and write a row for each as it comes; returns the rows of the search.

    Raises:
        ParaBenchError: the table is damaged, or a training fails.
    """
    asked = dict(cells(config, grid))
    known = {_cell(row): row for row in read(table)}
    left = {cell: recipe for cell, recipe in asked.items() if cell not in known}
    refuse_too_large(list(left.values()), config.out, config.backbone_weights)
    train_recipes(list(left.values()), config, at_once)
    folders = {
        cell: trained(recipe, config.out, config.torch_device, config.backbone_weights, progress=False) for cell, recipe in left.items()
    }
    steps = config.replan_steps
    jobs = [job for cell, recipe in left.items() for job in validation_jobs(recipe, folders[cell], grid.scenes, replan_steps=steps)]
    whose, found = {folder: cell for cell, folder in folders.items()}, {cell: list[Outcome]() for cell in left}
    done = run_jobs(jobs, config.workers, run_job, FEW_EPISODES)
    for results in Bar(done, total=len(jobs), desc="validation", unit="episode", disable=not jobs):
        for result in results:
            assert result.job.checkpoint is not None, "heads are learned"
            cell = whose[result.job.checkpoint]
            found[cell].append(result.outcome)
            if len(found[cell]) == grid.scenes:
                known[cell] = _measured(cell, found[cell], folders[cell])
                write(table, known.values())
    return [known[cell] for cell in asked]


def _measured(cell: Cell, found: Sequence[Outcome], folder: Path) -> Measured:
    grasps = [NO_GRASP_CM if each.grasp_error_m is None else 100 * each.grasp_error_m for each in found]
    return Measured(
        **asdict(cell),
        success=sum(each.success_at_end for each in found),
        strict=sum(bool(each.strict_success) for each in found),
        grasp_cm=round(statistics.median(grasps), 3),
        position_cm=round(position_cm(folder), 3),
    )


def _cell(row: Measured) -> Cell:
    return Cell(**{name: getattr(row, name) for name in Cell.__dataclass_fields__})
