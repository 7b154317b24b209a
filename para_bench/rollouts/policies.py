"""The policies of a table: references, and the checkpoints of each head and training seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from para_bench.benchmarks.conditions import Condition, Split, TrainingSet
from para_bench.remote.outside import Outside
from para_bench.report.checkpoints import weights_hash
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.identity import outside_state, policy_state, reference_state
from para_bench.training.recipe import Recipe
from para_bench.training.start import find_checkpoint
from para_bench.types import content_hash

if TYPE_CHECKING:
    from para_bench.rollouts.meeting import Met

ABSENT = "absent"


class Identity:
    """A policy, its code and its settings at test."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        """`state` is empty for a policy that is not trained yet."""
        self.state = state
        self.hash = content_hash(state) if state else ABSENT
        """16 hex digits."""


@dataclass(frozen=True)
class Checkpoint:
    folder: Path
    hash: str
    """16 hex digits over its weights."""
    demos: int
    """Demonstrations that it was trained on, with those of the checkpoint that it was fine-tuned from."""
    backbone: str
    policy: Identity


def checkpoint_of(config: RunConfig, head: str, folder: Path | None, demos: int, backbone: str) -> Checkpoint:
    """The checkpoint of a head in a folder; a placeholder where the folder is None."""
    if folder is None:
        return Checkpoint(config.out, ABSENT, demos, backbone, Identity({}))
    digest = weights_hash(folder)
    return Checkpoint(folder, digest, demos, backbone, Identity(policy_state(config, folder, head, digest, backbone)))


def outside_checkpoint(config: RunConfig, met: Met) -> Checkpoint:
    """Stands for the weights of a policy of others: all that identifies it, apart from how it is asked."""
    state = outside_state(config, met)
    own = {name: state[name] for name in ("policy", "version", "says", "answers")}
    return Checkpoint(config.out, content_hash(own), 0, "", Identity(state))


@dataclass(frozen=True)
class Entry:
    """A policy of the table: a reference, a head with one training seed, or a policy of others."""

    head: str
    seed: int
    checkpoints: Mapping[TrainingSet, Checkpoint] = field(default_factory=dict)
    """By training set; empty for a reference."""
    reference: Identity | None = None
    outside: Outside | None = None
    """A policy of others, as it was met; its checkpoint is the same for all training sets."""

    def checkpoint(self, split: Split, condition: Condition) -> Checkpoint | None:
        """The checkpoint that a condition tests."""
        return self.checkpoints[split.training_of(condition)] if self.checkpoints else None

    def policy(self, split: Split, condition: Condition) -> Identity:
        """The policy that acts in a condition."""
        found = self.checkpoint(split, condition)
        return found.policy if found else self.reference or Identity({})


class Part(Protocol):
    """A part of the trainings and episodes of one run."""

    def trains(self, recipe: Recipe) -> bool:
        """Whether this training is done here."""
        ...

    def rolls(self, entry: Entry, condition: Condition, index: int) -> bool:
        """Whether this policy is rolled out here in scene `index` of a condition."""
        ...


class Whole:
    """All of it."""

    def trains(self, recipe: Recipe) -> bool:
        return True

    def rolls(self, entry: Entry, condition: Condition, index: int) -> bool:
        return True


WHOLE = Whole()
"""The part of a run without `--shard`."""


def recipes(config: RunConfig, split: Split) -> Iterator[Recipe]:
    """All trainings that a table needs, each after the one it starts from; some may come twice."""
    for head in config.learned:
        for seed in config.profile.trainings:
            for training in split.trainings:
                recipe = config.recipe(head, seed, training)
                yield from (recipe.base, recipe) if recipe.base else (recipe,)


def train_all(config: RunConfig, split: Split, trains: Callable[[Recipe], bool] = lambda _: True) -> Iterator[Entry]:
    """Every policy of the table, in the order of its rows; trains what is missing, where `trains` says that this machine does."""
    return _entries(config, split, lambda recipe: _found(config, recipe) or (_trained(config, recipe) if trains(recipe) else None))


def find_all(config: RunConfig, split: Split) -> Iterator[Entry]:
    """The same without training: a missing checkpoint has the hash ABSENT."""
    return _entries(config, split, lambda recipe: _found(config, recipe))


def _found(config: RunConfig, recipe: Recipe) -> Path | None:
    return find_checkpoint(recipe, config.out, config.backbone_weights)


def _trained(config: RunConfig, recipe: Recipe) -> Path:
    from para_bench.training.trained import trained  # torch from here on

    return trained(recipe, config.out, config.torch_device, config.backbone_weights)


def _entries(config: RunConfig, split: Split, find: Callable[[Recipe], Path | None]) -> Iterator[Entry]:
    for head in config.learned:
        for seed in config.profile.trainings:
            found = {}
            for training in split.trainings:
                recipe = config.recipe(head, seed, training)
                found[training] = checkpoint_of(config, head, find(recipe), recipe.all_demos, recipe.backbone)
            yield Entry(head, seed, found)
    for policy in config.policies:
        from para_bench.rollouts.meeting import meet  # loads torch

        met = meet(policy, config.image_size, config.replan_steps)
        found = dict.fromkeys(split.trainings, outside_checkpoint(config, met))
        yield Entry(policy.name, 0, found, outside=met.outside)
    for head in config.bounds:
        yield Entry(head, 0, reference=Identity(reference_state(config, split, head)))
