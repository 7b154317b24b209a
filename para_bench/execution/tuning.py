"""The search: rates x augmentations x steps of a head, each trained alike and judged on the same validation scenes."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from para_bench.bars import Bar
from para_bench.benchmarks.profiles import resized
from para_bench.benchmarks.searched import UNKNOWN, AugmentationName, Cell, Measured, read, write
from para_bench.benchmarks.versions import find_version
from para_bench.execution.cells import measured, validation_jobs
from para_bench.execution.cost import refuse_too_large
from para_bench.execution.local import train_recipes
from para_bench.execution.made_by import made_by
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
    """Train and roll out the cells that have no row yet, or one by other features or code, and write a row for each as it comes.

    Returns the rows of the search.

    Raises:
        ParaBenchError: the table is damaged, or a training fails.
    """
    asked = dict(cells(config, grid))
    known = {_cell(row): row for row in read(table)}
    now = {cell: made_by(recipe, config) for cell, recipe in asked.items()}
    kept = {cell for cell, row in known.items() if row.made_by in (UNKNOWN, now.get(cell))}
    left = {cell: recipe for cell, recipe in asked.items() if cell not in kept}
    for line in _reused({cell: known[cell] for cell in asked if cell in known}, now):
        tqdm.write(line)
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
                known.pop(cell, None)  # the newest row is the last one
                known[cell] = measured(cell, found[cell], folders[cell], made_by(left[cell], config) or UNKNOWN)
                write(table, known.values())
    return [known[cell] for cell in asked]


def _reused(known: Mapping[Cell, Measured], now: Mapping[Cell, tuple[str, str] | None]) -> Iterator[str]:
    """Lines for the user: rows that are measured again, with the reason, and rows that nothing can be compared with."""
    found = Counter[tuple[str, str]]()
    for cell, row in known.items():
        made = now[cell] or UNKNOWN
        if row.made_by == UNKNOWN:
            found[cell.head, "taken from the table; their code is not known (delete the rows to measure them again)"] += 1
        elif row.features != made[0]:
            found[cell.head, f"measured again: features {row.features} -> {made[0] or 'not trained yet'}"] += 1
        elif row.made_by != made:
            found[cell.head, "measured again: code or settings changed"] += 1
    for (head, words), count in found.items():
        yield f"{head}: cells {words} ({count})"


def _cell(row: Measured) -> Cell:
    return Cell(**{name: getattr(row, name) for name in Cell.__dataclass_fields__})
