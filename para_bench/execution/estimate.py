"""What is left of a plan in core-hours, disk and hours, from the rates that were timed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from para_bench.demonstrations.stored import VALIDATION_DEMOS
from para_bench.execution.cost import inputs
from para_bench.execution.pretraining import pretraining_bytes, pretraining_s
from para_bench.execution.rates import Rates
from para_bench.execution.schedule import Schedule, pretrainings
from para_bench.execution.share import Shard, Share
from para_bench.rollouts.config import RunConfig
from para_bench.training.recipe import Recipe

DEMONSTRATION_BYTES = 12_000
"""One demonstration on disk, about."""
RECORD_BYTES = 1_000
"""A line of episodes.jsonl, about."""
HEAD_BYTES = 4_000_000
"""A checkpoint, about."""


class Estimate(NamedTuple):
    """CPU seconds and disk of what is left."""

    collecting_s: float
    """Collecting demonstrations."""
    images_s: float
    """Drawing demonstrations again, augmenting them, extracting features."""
    training_s: float
    episodes_s: float
    """Rollouts of heads and references, and sampling of scenes."""
    starting_s: float
    """Starting worker processes."""
    disk_bytes: int
    pretraining_s: float = 0.0
    """Training of backbone weights, with the play and the images that it reads."""

    @property
    def core_s(self) -> float:
        return self.collecting_s + self.images_s + self.training_s + self.episodes_s + self.starting_s + self.pretraining_s


def estimate(runs: Sequence[RunConfig], todo: Schedule, rates: Rates, share: Share | None = None) -> Estimate:
    """Estimate of all that is left, or of one machine's share of a plan of which nothing is done yet."""
    left = [recipe for recipe in todo.left if share is None or share.trains(recipe)]
    collecting = images = 0.0
    disk = 0
    sets = {(recipe.training, recipe.demo_seed, recipe.demos) for recipe in left}
    held_out = {(recipe.training, None, VALIDATION_DEMOS) for recipe in left}
    for training, _, count in sets | held_out:
        collecting += count * rates.demonstration_s
        disk += count * DEMONSTRATION_BYTES if training else 0
    for recipe in inputs(left):
        kind = recipe.backbone, recipe.finetune
        count = rates.samples * recipe.demos + rates.held_out
        images, disk = images + count * rates.images[kind], disk + count * rates.image_bytes[kind]
    training = sum(_training_s(recipe, rates) for recipe in left)
    pretraining = 0.0
    for recipe in pretrainings({recipe: path for recipe, path in todo.weights.items() if recipe in left}).values():
        cost = rates.pretrainings[recipe.backbone]
        pretraining, disk = pretraining + pretraining_s(recipe, cost), disk + pretraining_bytes(recipe, cost)
    episodes = sum(_episodes_s(run, todo, rates, share) for run in runs)
    workers = sum(run.workers for run in runs) + (runs[0].workers if left else 0)
    disk += HEAD_BYTES * len(left) + RECORD_BYTES * sum(split.episodes - split.done for split in todo.splits)
    return Estimate(collecting, images, training, episodes, workers * rates.worker_s, disk, pretraining)


def machines_s(runs: Sequence[RunConfig], todo: Schedule, rates: Rates, machines: int) -> float:
    """Wall seconds until the last of n machines like this one is done, each with the workers of the runs."""
    if machines == 1:
        return estimate(runs, todo, rates).core_s / runs[0].workers
    shares = (Share(runs, Shard(index + 1, machines)) for index in range(machines))
    return max(estimate(runs, todo, rates, share).core_s for share in shares) / runs[0].workers


def _training_s(recipe: Recipe, rates: Rates) -> float:
    kind = recipe.head, recipe.backbone, recipe.finetune
    evaluations = min(recipe.train.evaluations, recipe.train.steps)
    return recipe.train.steps * rates.steps[kind] + evaluations * rates.evaluations[kind]


def _episodes_s(run: RunConfig, todo: Schedule, rates: Rates, share: Share | None) -> float:
    split = run.find_split()
    (row,) = (row for row in todo.splits if row.split == split.name)
    if not row.episodes:
        return 0.0
    part, scenes, seconds = share.of(run) if share else None, rates.scenes[split.name], 0.0
    drawing = scenes.shifted_s + scenes.control_s * min(1.0, run.workers / len(split.all_conditions))
    for head in run.learned:
        for seed in run.profile.trainings:
            for condition in split.all_conditions:
                if part is None or part.trains(run.recipe(head, seed, split.training_of(condition))):
                    count = len(condition.indices(run.profile.episodes))
                    seconds += count * (rates.episodes[head].expected_s + drawing)
    own = run.profile.episodes / (1 if part is None else part.shard.count)
    per_scene = scenes.control_s + scenes.shifted_s * (len(split.all_conditions) - 1)
    full = sum(len(condition.indices(run.profile.episodes)) for condition in split.all_conditions)
    whole = full / (run.profile.episodes * len(split.all_conditions))  # the cells of a map divide the scenes among them
    for name in run.bounds:
        seconds += own * whole * (scenes.apart * rates.references[name] + per_scene)
    return seconds * (row.episodes - row.done) / row.episodes
