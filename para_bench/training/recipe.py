"""What decides a checkpoint, and so what it is called on disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from para_bench.backbones import BACKBONES
from para_bench.benchmarks.conditions import DEFAULT_TRAINING, TrainingSet
from para_bench.data.augmentation import Augmentation
from para_bench.demonstrations.stored import DECIDES
from para_bench.heads.base import HeadConfig
from para_bench.optimisation.loop import TrainConfig
from para_bench.plugins import file_name
from para_bench.sources import sources
from para_bench.training.plugged import head_sources, plugin_sources
from para_bench.types import DEFAULT_BACKBONE, SUITE_VERSION, FeatureSpec, content_hash, to_dict


@dataclass(frozen=True)
class Recipe:
    """All that decides a checkpoint beside its code."""

    head: str
    train_seed: int
    demos: int
    training: TrainingSet = DEFAULT_TRAINING
    base: Recipe | None = None
    """Fine-tuning starts from this checkpoint; None starts from fresh weights."""
    demo_seed: int = 0
    """Which set of demonstrations; the same for every head and train seed."""
    backbone: str = DEFAULT_BACKBONE
    image_size: int = 224
    head_config: HeadConfig = field(default_factory=HeadConfig)
    augmentation: Augmentation = field(default_factory=Augmentation)
    train: TrainConfig = field(default_factory=TrainConfig)
    finetune: bool = False
    """Train through the backbone instead of on its cached features."""
    pretrained: bool = True
    """False: the backbone starts from random weights."""
    backbone_steps: int = 0
    """Optimiser steps of the backbone's own training, for one whose weights are made here."""

    @property
    def all_demos(self) -> int:
        """Demonstrations seen, those of the checkpoint that it starts from included."""
        return self.demos + (self.base.all_demos if self.base else 0)

    @property
    def name(self) -> str:
        """What a person calls it, fit for a folder; several recipes may share it."""
        backbone = "" if self.backbone == DEFAULT_BACKBONE else f"-{file_name(self.backbone)}"
        how = ("-tuned" if self.finetune else "") + ("" if self.pretrained else "-scratch")
        return f"{file_name(self.head)}-{self.training.name}-{self.demos}{backbone}{how}-s{self.train_seed}"

    def state(self, spec: FeatureSpec) -> dict[str, Any]:
        """All that decides the checkpoint."""
        found = {**sources(DECIDES), **head_sources(self.head), **plugin_sources(BACKBONES.plugins.get(self.backbone))}
        return {"suite_version": SUITE_VERSION, "recipe": to_dict(self), "features": to_dict(spec), "sources": found}

    def folder(self, spec: FeatureSpec, out: Path) -> Path:
        """Where its checkpoint lies, or will."""
        return out / "checkpoints" / f"{self.name}-{content_hash(self.state(spec))}"
