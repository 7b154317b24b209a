"""A resolved run: what was asked for, with every default filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from para_bench.backbones import BACKBONES, backbone_row
from para_bench.backbones.runtimes import TORCH
from para_bench.benchmarks.chosen import searched
from para_bench.benchmarks.conditions import DEFAULT_VIEW, Diversity, Split, TrainingSet
from para_bench.benchmarks.profiles import (
    ADAPTATION_RATE,
    ADAPTATION_STEPS,
    DEFAULT_LEARNING_RATE,
    LEARNING_RATES,
    VIDEO_REGIMES,
    VIDEO_STEPS,
    Profile,
    steps_for,
)
from para_bench.benchmarks.searched import AugmentationName, Measured
from para_bench.benchmarks.splits import SPLITS, find_split
from para_bench.benchmarks.versions import CURRENT, find_version
from para_bench.data.config import Augmentation
from para_bench.demonstrations.given import Given
from para_bench.heads import HEADS, find_head
from para_bench.heads.config import HeadConfig
from para_bench.optimisation.config import TrainConfig
from para_bench.plugins import PATH_FORM, is_path
from para_bench.remote.outside import Outside
from para_bench.rollouts.references import REFERENCES
from para_bench.text import meant
from para_bench.training.recipe import Recipe
from para_bench.types import DEFAULT_BACKBONE, REPLAN_STEPS, ParaBenchError, unstructure_without

if TYPE_CHECKING:  # a misspelt name is reported before torch loads
    import torch

COLOURS = Augmentation(pan_deg=0.0, roll_deg=0.0, zoom=0.0)
"""Copies that keep their camera."""
UNCHANGED = replace(COLOURS, jitter=0.0, hue=0.0, field=0.0)
"""Copies without a change."""


@dataclass(frozen=True)
class RunConfig:
    """Written beside every result as config.json."""

    split: str
    heads: tuple[str, ...]
    profile: Profile
    suite_version: int = CURRENT
    """Row of VERSIONS."""
    demo_seed: int = 0
    """Seed of the demonstrations, the same for every head; of the first set where the profile has several."""
    given: Given | None = None
    """Demonstrations instead of the scripted expert's; None for the expert's."""
    backbone: str = DEFAULT_BACKBONE
    backbone_weights: Path | None = None
    image_size: int = 224
    decode: str = "subcell"
    finetune: bool = False
    freeze_stages: int = 0
    learning_rate: float | None = None
    turns: bool = True
    """False is the older form of the augmentation "colour"."""
    augmentation: AugmentationName | None = None
    """Augmentation of the copies; None for what the search of the head found."""
    cameras: Diversity = 1
    """From how many cameras demonstrations are seen, where the split does not say."""
    rooms: Diversity = 1
    """In how many rooms, likewise."""
    workers: int = 2
    out: Path = Path("runs")
    device: str = "auto"
    videos: bool = True
    replan_steps: int = REPLAN_STEPS
    """Waypoints executed before the camera is read again."""
    policies: tuple[Outside, ...] = ()
    """Policies that are not trained here."""
    feature_runtime: str = TORCH
    """Row of RUNTIMES that computes frozen features, in training and in rollouts, where it can."""
    references: tuple[str, ...] | None = None
    """Rows of REFERENCES; None for those of the suite version."""

    def check(self) -> None:
        """Raises ParaBenchError for names that are unknown or cannot be imported, and for plug-ins with the name of a reference."""
        SPLITS.check_names()
        HEADS.check_names()
        BACKBONES.check_names()
        self.find_split()
        if taken := set(REFERENCES) & set(HEADS.plugins):
            raise ParaBenchError(f"{HEADS.plugins[min(taken)]} has the name of a reference; allowed: another name (uninstall it)")
        self._check_seen()
        if not self.heads and not self.policies:
            raise ParaBenchError(f"--head names none; allowed: one or more of {', '.join((*HEADS, *REFERENCES))}, or {PATH_FORM}")
        for head in self.heads:
            if head not in HEADS and head not in REFERENCES and not is_path(head):
                names = (*HEADS, *REFERENCES)
                raise ParaBenchError(f"head {head!r} is unknown; allowed: {', '.join(names)}, or {PATH_FORM}{meant(head, names)}")
            if head not in REFERENCES and head not in HEADS.builtin:
                find_head(head)
        for policy in self.policies:
            if policy.name in HEADS or policy.name in REFERENCES or policy.name in self.heads:
                raise ParaBenchError(f"--policy-name is {policy.name!r}, the name of a head or a reference; allowed: another name")

    def _check_seen(self) -> None:
        trainings = self.find_split().trainings
        said = {
            "cameras": any(training.cameras != 1 for training in trainings) or all(map(_own_cameras, trainings)),
            "rooms": any(map(_own_rooms, trainings)),
        }
        for name, says_itself in said.items():
            if (count := getattr(self, name)) != 1 and says_itself:
                raise ParaBenchError(f"--{name} is {count} with split {self.split}, which says its trainings' {name} itself; allowed: 1")

    def find_split(self) -> Split:
        """The split as the suite version has it."""
        return find_split(self.split, version=self.suite_version)

    @property
    def bounds(self) -> tuple[str, ...]:
        """References that the table has, in its order."""
        asked = find_version(self.suite_version).references if self.references is None else self.references
        return tuple(head for head in REFERENCES if head in asked or head in self.heads)

    @property
    def learned(self) -> tuple[str, ...]:
        """Heads to be trained, in the order of HEADS; import paths follow as given."""
        return tuple(dict.fromkeys((*(h for h in HEADS if h in self.heads), *filter(is_path, self.heads))))

    @property
    def rows(self) -> tuple[str, ...]:
        """Names of the table's rows in the order asked for: heads, then policies of others."""
        return (*self.heads, *(policy.name for policy in self.policies))

    @property
    def torch_device(self) -> torch.device:
        import torch

        return torch.device(("cuda" if torch.cuda.is_available() else "cpu") if self.device == "auto" else self.device)

    def demo_seed_of(self, seed: int) -> int:
        """Which demonstrations a training seed is trained on."""
        return self.demo_seed + min(seed // self.profile.seeds, self.profile.demo_seeds - 1)

    def _copies_of(self, tuned: Measured | None) -> AugmentationName:
        """What was asked for, else what the search found."""
        if self.augmentation or not self.turns:
            return self.augmentation or "colour"
        return tuned.augmentation if tuned else "turns"

    def _searched(self, head: str, training: TrainingSet) -> Measured | None:
        """The cell whose rate and augmentation are taken; steps are the profile's own."""
        count, profile = training.count(self.profile.demos), self.profile
        epochs = profile.steps * profile.batch / profile.demos
        like = self.image_size, self.replan_steps, epochs
        return searched(self.suite_version, training.task, head, count, self.out, self.backbone, *like)

    def recipe(self, head: str, seed: int, training: TrainingSet) -> Recipe:
        """How a head is trained; fine-tuning takes a share of the steps and of the rate, the same for every head."""
        tuned = self._searched(head, training)
        rate = self.learning_rate or (tuned.learning_rate if tuned else LEARNING_RATES.get(head, DEFAULT_LEARNING_RATE))
        training = replace(
            training,
            cameras=training.cameras if _own_cameras(training) else self.cameras,
            rooms=training.rooms if _own_rooms(training) else self.rooms,
        )
        training = self.given.training(training) if self.given else training
        steps, base = self.profile.steps, None
        if find_version(self.suite_version).same_epochs and training.adapts is None:
            steps = steps_for(self.profile, training.count(self.profile.demos))
        if training.adapts is not None:
            base = self.recipe(head, seed, training.adapts)
            steps, rate = max(1, round(ADAPTATION_STEPS * steps)), ADAPTATION_RATE * rate
        backbone, finetune, share = self.backbone, self.finetune, TrainConfig.backbone_share
        if training.video:
            part, share = VIDEO_REGIMES[training.video]
            backbone, finetune, steps = "video", training.video != "frozen", max(1, round(part * steps))
        train = TrainConfig(steps, self.profile.batch, rate, backbone_share=share, freeze_stages=self.freeze_stages)
        made_here = backbone_row(backbone).made_in_runs and training.video != "joint" and not self.backbone_weights
        return Recipe(
            head=head,
            train_seed=seed,
            demos=training.count(self.profile.demos),
            training=replace(training, demos=None, adapts=None, video=""),  # stated by `demos`, `base`, `backbone` and the fields after it
            base=base,
            demo_seed=self.demo_seed_of(seed),
            backbone=backbone,
            image_size=self.image_size,
            head_config=HeadConfig(as_source=find_version(self.suite_version).as_source),
            augmentation=replace(strength(self._copies_of(tuned)), copies=self.profile.copies),
            train=train,
            finetune=finetune,
            pretrained=training.video != "joint",
            backbone_steps=max(1, round(VIDEO_STEPS * self.profile.steps)) if made_here else 0,
            feature_runtime=TORCH if finetune else self.feature_runtime,
        )


unstructure_without(RunConfig, ("feature_runtime",))  # config.json with torch's features is as it was before there was a choice


def strength(name: AugmentationName) -> Augmentation:
    """Strength of a named augmentation; the number of copies is the same in all."""
    return {"turns": Augmentation(), "colour": COLOURS, "off": UNCHANGED}[name]


def _own_cameras(training: TrainingSet) -> bool:
    """Whether the training set says where its cameras are."""
    return training.cameras != 1 or training.views != DEFAULT_VIEW


def _own_rooms(training: TrainingSet) -> bool:
    return training.rooms != 1
