"""From a recipe to the demonstrations that its training reads, and windows over them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch

from para_bench.backbones.base import Backbone
from para_bench.backbones.create import create_backbone
from para_bench.backbones.runtimes import runtime_of
from para_bench.data.augmentation import Augmentation
from para_bench.data.dataset import Windows
from para_bench.data.store import Demonstrations
from para_bench.demonstrations.seen import seen_demonstrations
from para_bench.demonstrations.stored import VALIDATION_DEMOS
from para_bench.heads import find_head
from para_bench.heads.base import sees_depth
from para_bench.training.feature_specs import feature_spec
from para_bench.training.frozen import frozen_backbone
from para_bench.training.made_weights import made_weights
from para_bench.training.recipe import Recipe
from para_bench.training.windows import windows


class Inputs(NamedTuple):
    """What a training reads."""

    backbone: Backbone
    """On the device of the training; frozen unless the recipe trains through it."""
    found: Demonstrations
    held_out: Demonstrations
    """For the validation curve."""
    windows: Windows
    held_out_windows: Windows


def read_inputs(recipe: Recipe, weights: Path | None, out: Path, device: torch.device, progress: bool = True) -> Inputs:
    """What a training reads. Demonstrations and features that are missing are collected and computed.

    Args:
        recipe: What is to be trained.
        weights: File of the backbone's weights; None for its row's source.
        out: Root of the results.
        device: Where the backbone computes.
        progress: Show bars.
    """
    if recipe.finetune:
        backbone = create_backbone(recipe.backbone, recipe.image_size, weights, recipe.pretrained, frozen=False)
    else:
        runtime = runtime_of(feature_spec(recipe, weights).backbone)
        backbone = frozen_backbone(recipe.backbone, recipe.image_size, weights, recipe.pretrained, runtime)
    backbone = backbone.to(device)
    found = seen_demonstrations(recipe.training, recipe.demos, recipe.demo_seed, out, progress)
    held_out = seen_demonstrations(recipe.training, VALIDATION_DEMOS, -1, out, progress)
    depth = sees_depth(find_head(recipe.head))
    return Inputs(
        backbone,
        found,
        held_out,
        windows(found, backbone, recipe.augmentation, 0, progress, depth),
        windows(held_out, backbone, Augmentation(copies=0), 0, progress, depth),
    )


def prepare(recipe: Recipe, out: Path, device: torch.device, weights: Path | None = None, progress: bool = True) -> tuple[Windows, Windows]:
    """Training and validation windows, with all that they need: once, for the trainings that share them."""
    source = (weights or made_weights(recipe, out, device, progress)) if recipe.pretrained else None
    found = read_inputs(recipe, source, out, device, progress)
    return found.windows, found.held_out_windows
