"""What the scripts that choose settings share: a trained cell, rolled out on validation scenes, and the table of which it is a line."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from para_bench.benchmarks.conditions import CONTROL
from para_bench.records import Outcome
from para_bench.rollouts.jobs import Job, run_job
from para_bench.rollouts.workers import run_jobs
from para_bench.training.recipe import Recipe
from para_bench.types import REPLAN_STEPS

Key = tuple[str, str]


def outcomes(
    recipe: Recipe, folder: Path, episodes: int, workers: int, conditions: Sequence[Key] = (CONTROL.key,), replan_steps: int = REPLAN_STEPS
) -> dict[Key, list[Outcome]]:
    """Of each condition of the split `validation`, scenes in order."""
    jobs = [
        Job(
            "validation",
            recipe.training.suite_version,
            recipe.head,
            recipe.train_seed,
            folder,
            recipe.backbone,
            recipe.image_size,
            index,
            tuple(conditions),
            replan_steps=replan_steps,
            decode=recipe.head_config.decode,
        )
        for index in range(episodes)
    ]
    results = sorted((r for found in run_jobs(jobs, workers, run_job) for r in found), key=lambda r: r.job.scene_index)
    return {key: [r.outcome for r in results if r.condition == key] for key in conditions}


def val_cm(folder: Path) -> float:
    """Position error on validation demonstrations at the end of a training."""
    with (folder / "curve.csv").open() as file:
        return float(list(csv.DictReader(file))[-1]["position_error_cm"])


def done(table: Path, keys: Sequence[str]) -> set[tuple[str, ...]]:
    """What the columns `keys` hold in the lines that are there."""
    if not table.exists():
        return set()
    with table.open() as file:
        return {tuple(row[name] for name in keys) for row in csv.DictReader(file)}


def append(table: Path, row: dict[str, object]) -> None:
    """A line more; the first one brings the header."""
    print(row, flush=True)
    table.parent.mkdir(parents=True, exist_ok=True)
    new = not table.exists()
    with table.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)
