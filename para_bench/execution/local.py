"""Trains what the splits of a suite share, on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tqdm import tqdm

from para_bench.bars import Bar
from para_bench.heads import find_head
from para_bench.heads.base import sees_depth
from para_bench.records.documents import parse_json, read_bytes
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.workers import run_jobs, start_early
from para_bench.training.prepare import prepare
from para_bench.training.recipe import Recipe
from para_bench.training.saved import CONFIG
from para_bench.training.trained import trained


@dataclass(frozen=True)
class _TrainJob:
    recipe: Recipe
    out: Path
    device: str
    weights: Path | None


def trainings_at_once(device: torch.device, workers: int, asked: int | None) -> int:
    """How many trainings run side by side: as many as workers on the CPU, where each takes one thread.

    A GPU has one memory and trains one head about as fast alone, so it gets one unless more are `asked` for.
    """
    return asked or (workers if device.type == "cpu" else 1)


def train_recipes(left: Sequence[Recipe], run: RunConfig, at_once: int | None = None) -> None:
    """Train recipes, in worker processes of one thread each, so that their number changes no weight."""
    device = run.torch_device
    if left:
        start_early(run.workers)
    for recipe in {
        (r.training, r.demos, r.demo_seed, r.backbone, r.finetune, r.pretrained, sees_depth(find_head(r.head))): r for r in left
    }.values():  # once for all trainings that share them, with all cores
        prepare(recipe, run.out, device, run.backbone_weights)
    bar = Bar(total=len(left), desc="trainings", disable=not left)
    for wave in ([r for r in left if r.base is None], [r for r in left if r.base is not None]):
        jobs = [_TrainJob(recipe, run.out, str(device), run.backbone_weights) for recipe in wave]
        for folder in run_jobs(jobs, trainings_at_once(device, run.workers, at_once), _train):
            told(folder)
            bar.update()
    bar.close()


def told(folder: Path) -> None:
    """Print one line for a finished checkpoint."""
    made = parse_json(read_bytes(folder / CONFIG))
    tqdm.write(f"trained {folder.name} in {made['training_seconds']:.0f} s")


def _train(job: _TrainJob) -> Path:
    return trained(job.recipe, job.out, torch.device(job.device), job.weights, progress=False)
