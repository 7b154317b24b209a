"""What decides a checkpoint, and so its name on disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from para_bench.backbones.runtimes import TORCH, runtime_of
from para_bench.benchmarks.conditions import DEFAULT_TRAINING, TrainingSet
from para_bench.benchmarks.versions import find_version
from para_bench.data.config import Augmentation
from para_bench.demonstrations.stored import demonstration_modules
from para_bench.files import file_name
from para_bench.heads.config import HeadConfig
from para_bench.optimisation.config import TrainConfig
from para_bench.provenance import closure
from para_bench.training.modules import backbone_modules, head_modules
from para_bench.types import DEFAULT_BACKBONE, FeatureSpec, content_hash, to_dict

_MODULES = (
    *("para_bench.demonstrations.seen", "para_bench.training.windows", "para_bench.training.fresh", "para_bench.training.loop"),
    *("training/start.py", "training/prepare.py", "training/checkpoint.py", "training/trained.py"),  # what joins them
)
"""Entry points of a training beside its demonstrations, backbone and head."""


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
    feature_runtime: str = TORCH
    """Row of RUNTIMES that is to compute frozen features, where it can; the features' own name tells which did."""

    @property
    def all_demos(self) -> int:
        """Demonstrations seen, those of the checkpoint that it starts from included."""
        return self.demos + (self.base.all_demos if self.base else 0)

    @property
    def name(self) -> str:
        """A readable name that is fit for a folder; several recipes may share it."""
        backbone = "" if self.backbone == DEFAULT_BACKBONE else f"-{file_name(self.backbone)}"
        how = ("-tuned" if self.finetune else "") + ("" if self.pretrained else "-scratch")
        return f"{file_name(self.head)}-{self.training.name}{self.training.seen}-{self.demos}{backbone}{how}-s{self.train_seed}"

    def state(self, spec: FeatureSpec) -> dict[str, Any]:
        """All that decides the weights. How heatmaps are decoded does not: one training serves every decoding."""
        backbone = backbone_modules(self.backbone, runtime_of(spec.backbone))
        shared = closure((*demonstration_modules(self.training), *backbone, *_MODULES))
        code = {**shared, **closure(head_modules(self.head))}
        return {
            "suite_version": str(self.training.suite_version),
            "suite": find_version(self.training.suite_version).decides,
            "recipe": _that_decides(to_dict(self)),
            "features": to_dict(spec),
            "sources": code,
        }

    def folder(self, spec: FeatureSpec, out: Path) -> Path:
        """Where its checkpoint lies, or will."""
        return out / "checkpoints" / f"{self.name}-{content_hash(self.state(spec))}"


def _that_decides(recipe: dict[str, Any]) -> dict[str, Any]:
    """A recipe without how heatmaps are decoded and without the runtime asked for: `spec` names the one that computes."""
    recipe = {name: value for name, value in recipe.items() if name != "feature_runtime"}
    settings = {name: value for name, value in recipe["head_config"].items() if name != "decode"}
    return {**recipe, "head_config": settings, "base": recipe["base"] and _that_decides(recipe["base"])}
