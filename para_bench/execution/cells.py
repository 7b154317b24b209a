"""A trained cell of a search, rolled out on validation scenes."""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from para_bench.benchmarks.conditions import CONTROL, name_on
from para_bench.benchmarks.searched import NO_GRASP_CM, Cell, Measured
from para_bench.benchmarks.splits import VALIDATION
from para_bench.records import Outcome
from para_bench.records.documents import read_bytes
from para_bench.rollouts.jobs import FEW_EPISODES, Job, run_job
from para_bench.rollouts.workers import run_jobs
from para_bench.training.recipe import Recipe
from para_bench.types import REPLAN_STEPS

Key = tuple[str, str]


def outcomes(
    recipe: Recipe, folder: Path, episodes: int, workers: int, conditions: Sequence[Key] = (CONTROL.key,), replan_steps: int = REPLAN_STEPS
) -> dict[Key, list[Outcome]]:
    """Outcomes in each condition of the split `validation` of the recipe's task, scenes in order.

    Args:
        recipe: What trained the checkpoint.
        folder: Folder of the checkpoint.
        episodes: Number of scenes.
        workers: Number of processes.
        conditions: (factor, level) each.
        replan_steps: Timesteps executed before the camera is read again.
    """
    jobs = validation_jobs(recipe, folder, episodes, conditions, replan_steps)
    results = sorted((r for found in run_jobs(jobs, workers, run_job, FEW_EPISODES) for r in found), key=lambda r: r.job.scene_index)
    return {key: [r.outcome for r in results if r.condition == key] for key in conditions}


def validation_jobs(
    recipe: Recipe, folder: Path, episodes: int, conditions: Sequence[Key] = (CONTROL.key,), replan_steps: int = REPLAN_STEPS
) -> list[Job]:
    """Jobs of `outcomes`, one a scene."""
    training = recipe.training
    return [
        Job(
            split=name_on(VALIDATION.name, training.task, training.robot),
            suite_version=training.suite_version,
            head=recipe.head,
            train_seed=recipe.train_seed,
            checkpoint=folder,
            backbone=recipe.backbone,
            image_size=recipe.image_size,
            scene_index=index,
            conditions=tuple(conditions),
            replan_steps=replan_steps,
            decode=recipe.head_config.decode,
        )
        for index in range(episodes)
    ]


def position_cm(folder: Path) -> float:
    """Position error on validation demonstrations at the end of a training [cm]."""
    rows = list(csv.DictReader(io.StringIO(read_bytes(folder / "curve.csv").decode())))
    return float(rows[-1]["position_error_cm"])


def measured(cell: Cell, found: Sequence[Outcome], folder: Path, made_by: tuple[str, str]) -> Measured:
    """The row of a cell: its outcomes on the validation scenes, and what it was made by."""
    grasps = [NO_GRASP_CM if each.grasp_error_m is None else 100 * each.grasp_error_m for each in found]
    return Measured(
        **asdict(cell),
        success=sum(each.success_at_end for each in found),
        strict=sum(bool(each.strict_success) for each in found),
        grasp_cm=round(statistics.median(grasps), 3),
        position_cm=round(position_cm(folder), 3),
        features=made_by[0],
        code=made_by[1],
    )
