"""Trainings and episodes of a suite, which of them are done, and about how long the rest will take."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from para_bench import records
from para_bench.benchmarks.conditions import DEFAULT_TASK
from para_bench.benchmarks.splits import find_split
from para_bench.benchmarks.suites import Suite
from para_bench.records.documents import parse_json, read_bytes
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.episodes import config_hash, on_record, wanted
from para_bench.rollouts.policies import WHOLE, Part, find_all, recipes
from para_bench.tasks import TASKS
from para_bench.text import meant
from para_bench.training.recipe import Recipe
from para_bench.training.specification import CONFIG
from para_bench.training.start import find_checkpoint
from para_bench.types import ParaBenchError

SAMPLES_PER_S, TUNED_SAMPLES_PER_S, EPISODE_S = 120.0, 8.0, 0.3
"""Rough rates of one core where --out holds no measured ones, from one machine: training samples a second on cached
features and through the backbone, and seconds an episode."""
CLIPS = 8
"""Samples in a step of a training of backbone weights."""


@dataclass(frozen=True)
class SplitSchedule:
    """Episodes of one split."""

    split: str
    episodes: int
    """Episodes that its table needs."""
    done: int
    """Episodes on record."""


@dataclass(frozen=True)
class Schedule:
    """All that a suite needs."""

    trainings: tuple[Recipe, ...]
    """Distinct trainings, each after the one it starts from."""
    done: tuple[bool, ...]
    """For each training, whether its checkpoint is there."""
    splits: tuple[SplitSchedule, ...]
    seconds: float
    """Estimate for all that is left, with the workers of the run."""
    weights: dict[Recipe, Path] = field(default_factory=dict)
    """For each training that is left and whose backbone's weights are trained in the run: where they lie, or will."""

    @property
    def left(self) -> list[Recipe]:
        return [recipe for recipe, done in zip(self.trainings, self.done, strict=True) if not done]


def configs(suite: Suite, base: RunConfig, only: Collection[str] = (), tasks: Collection[str] = (DEFAULT_TASK,)) -> list[RunConfig]:
    """One run for each task and split, with the workers, folders and devices of `base`; only for the splits in `only`, if any are named.

    Raises:
        ParaBenchError: the suite has no such split in this version, there is no such task, or none is named.
    """
    known = suite.splits_of(base.suite_version)
    unknown = [split for split in only if split not in known]
    if unknown:
        where = f"suite version {base.suite_version}" if unknown[0] in suite.splits else "the suite"
        raise ParaBenchError(f"split {unknown[0]!r} is not in {where}; allowed: {', '.join(known)}{meant(unknown[0], known)}")
    if not tasks:
        raise ParaBenchError(f"--task names none; allowed: one or more of {', '.join(TASKS)}")
    splits = [split for split in known if not only or split in only]
    given = replace(base, heads=suite.heads, profile=suite.profile, videos=suite.videos, backbone=suite.backbone, finetune=suite.finetune)
    names = [find_split(split, task, version=base.suite_version).name for task in tasks for split in splits]
    return [replace(given, split=name) for name in dict.fromkeys(names)]


class Parts(Protocol):
    """`execution.share.Share`: one machine's part of every run."""

    def of(self, run: RunConfig) -> Part: ...


def schedule(runs: list[RunConfig], share: Parts | None = None) -> Schedule:
    """Find what is done and what is left, of all or of one machine's share; runs nothing."""
    first, parts = runs[0], [share.of(run) if share else WHOLE for run in runs]
    each = zip(runs, parts, strict=True)
    trainings = tuple(dict.fromkeys(r for run, part in each for r in recipes(run, run.find_split()) if part.trains(r)))
    done = tuple(find_checkpoint(recipe, first.out, first.backbone_weights) is not None for recipe in trainings)
    splits, episode_s = [], []
    for run, part in zip(runs, parts, strict=True):
        split = run.find_split()
        asked = wanted(run, split, find_all(run, split), part)
        keep, _ = on_record(run.out / split.name / records.FILE_NAME, config_hash(run, split), asked)
        splits.append(SplitSchedule(split.name, len(asked), len(keep)))
        episode_s += [record.seconds for record in keep.values()]
    speed = dict(_speeds(first.out))
    left = [recipe for recipe, there in zip(trainings, done, strict=True) if not there]
    training_s = sum(recipe.train.steps * recipe.train.batch / _samples_per_s(recipe, speed) for recipe in left)
    weights = _made_weights(left, first.out)
    training_s += sum(recipe.backbone_steps * CLIPS / TUNED_SAMPLES_PER_S for recipe in pretrainings(weights).values())
    one = sum(episode_s) / len(episode_s) if episode_s else EPISODE_S
    episodes_left = sum(split.episodes - split.done for split in splits)
    return Schedule(trainings, done, tuple(splits), (training_s + one * episodes_left) / first.workers, weights)


def pretrainings(weights: Mapping[Recipe, Path]) -> dict[Path, Recipe]:
    """Weights that are not there yet, each with a training that starts from them."""
    return {path: recipe.base or recipe for recipe, path in weights.items() if not path.exists()}


def _made_weights(left: Sequence[Recipe], out: Path) -> dict[Recipe, Path]:
    made = [recipe for recipe in left if recipe.backbone_steps]
    if not made:
        return {}
    from para_bench.training.made_weights import weights_path  # torch from here on

    return {recipe: path for recipe in made if (path := weights_path(recipe, out))}


def _samples_per_s(recipe: Recipe, speed: dict[tuple[str, bool], float]) -> float:
    """Speed of the same head before; else of the others that were trained in the same way."""
    others = [rate for (_, finetune), rate in speed.items() if finetune == recipe.finetune]
    usual = TUNED_SAMPLES_PER_S if recipe.finetune else SAMPLES_PER_S
    return speed.get((recipe.head, recipe.finetune), sum(others) / len(others) if others else usual)


def _speeds(out: Path) -> Iterator[tuple[tuple[str, bool], float]]:
    """(head, whether through the backbone) and samples a second of the checkpoints that are there."""
    for path in sorted((out / "checkpoints").glob(f"*/{CONFIG}")):
        try:
            made = parse_json(read_bytes(path))
            recipe, seconds = made["state"]["recipe"], made["training_seconds"]
            found = (recipe["head"], recipe["finetune"]), recipe["train"]["steps"] * recipe["train"]["batch"] / seconds
        except (ParaBenchError, ValueError, KeyError, TypeError, ZeroDivisionError, RecursionError):
            continue  # reported where the checkpoint is needed
        yield found
