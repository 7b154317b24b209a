"""What a suite needs, what of it is there, about how long the rest will take, and the trainings that several splits share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from tqdm import tqdm

from para_bench import records
from para_bench.benchmarks.splits import find_split
from para_bench.heads import find_head
from para_bench.heads.base import sees_depth
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.episodes import config_hash, on_record, wanted
from para_bench.rollouts.policies import find_all, recipes
from para_bench.rollouts.workers import run_jobs
from para_bench.training.checkpoint import checkpoint, find_checkpoint
from para_bench.training.prepare import prepare
from para_bench.training.recipe import Recipe
from para_bench.training.saved import CONFIG

SAMPLES_PER_S, TUNED_SAMPLES_PER_S, EPISODE_S = 120.0, 8.0, 0.3
"""What one core does where --out holds nothing to tell it by, roughly, on one machine: training samples a second on cached
features and through the backbone, and seconds an episode."""


@dataclass(frozen=True)
class Cell:
    """Episodes of one split."""

    split: str
    total: int
    done: int


@dataclass(frozen=True)
class Plan:
    trainings: tuple[Recipe, ...]
    """Distinct ones, each after the one it starts from."""
    done: tuple[bool, ...]
    """For each training, whether its checkpoint is there."""
    cells: tuple[Cell, ...]
    seconds: float
    """Estimate for all that is left, with the workers of the run."""

    @property
    def left(self) -> list[Recipe]:
        return [recipe for recipe, done in zip(self.trainings, self.done, strict=True) if not done]


def plan(runs: list[RunConfig]) -> Plan:
    """Look what is there; runs nothing."""
    first = runs[0]
    trainings = tuple(dict.fromkeys(recipe for run in runs for recipe in recipes(run, find_split(run.split))))
    done = tuple(find_checkpoint(recipe, first.out, first.backbone_weights) is not None for recipe in trainings)
    cells, episode_s = [], []
    for run in runs:
        split = find_split(run.split)
        asked = wanted(run, split, find_all(run, split))
        keep, _ = on_record(run.out / split.name / records.FILE_NAME, config_hash(run, split), asked)
        cells.append(Cell(split.name, len(asked), len(keep)))
        episode_s += [record.seconds for record in keep.values()]
    speed = dict(_speeds(first.out))
    left = [recipe for recipe, there in zip(trainings, done, strict=True) if not there]
    training_s = sum(recipe.train.steps * recipe.train.batch / _samples_per_s(recipe, speed) for recipe in left)
    each = sum(episode_s) / len(episode_s) if episode_s else EPISODE_S
    return Plan(trainings, done, tuple(cells), (training_s + each * sum(c.total - c.done for c in cells)) / first.workers)


@dataclass(frozen=True)
class _TrainJob:
    recipe: Recipe
    out: Path
    device: str
    weights: Path | None


def train_left(plan: Plan, run: RunConfig) -> None:
    """Train what is not there, in worker processes of one thread each, so that their number changes no weight."""
    left = plan.left
    for recipe in {
        (r.training, r.demos, r.backbone, r.finetune, r.pretrained, sees_depth(find_head(r.head))): r for r in left
    }.values():  # with all cores, once, for all that share them
        prepare(recipe, run.out, run.torch_device, run.backbone_weights)
    bar = tqdm(total=len(left), desc="trainings", disable=not left)
    for wave in ([r for r in left if r.base is None], [r for r in left if r.base is not None]):
        jobs = [_TrainJob(recipe, run.out, str(run.torch_device), run.backbone_weights) for recipe in wave]
        for folder in run_jobs(jobs, run.workers, _train):
            made = json.loads((folder / CONFIG).read_text())
            tqdm.write(f"trained {folder.name} in {made['training_seconds']:.0f} s")
            bar.update()
    bar.close()


def _train(job: _TrainJob) -> Path:
    return checkpoint(job.recipe, job.out, torch.device(job.device), job.weights, progress=False)


def _samples_per_s(recipe: Recipe, speed: dict[tuple[str, bool], float]) -> float:
    """As the same head took before; else as the others that were trained in the same way."""
    others = [rate for (_, finetune), rate in speed.items() if finetune == recipe.finetune]
    usual = TUNED_SAMPLES_PER_S if recipe.finetune else SAMPLES_PER_S
    return speed.get((recipe.head, recipe.finetune), sum(others) / len(others) if others else usual)


def _speeds(out: Path) -> Iterator[tuple[tuple[str, bool], float]]:
    """(head, whether through the backbone) and samples a second of the checkpoints that are there."""
    for path in sorted((out / "checkpoints").glob(f"*/{CONFIG}")):
        made = json.loads(path.read_text())
        recipe, seconds = made["state"]["recipe"], made["training_seconds"]
        if seconds > 0:
            yield (recipe["head"], recipe["finetune"]), recipe["train"]["steps"] * recipe["train"]["batch"] / seconds
