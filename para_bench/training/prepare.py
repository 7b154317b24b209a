"""From a recipe to what its training reads: the backbone's weights, and windows over cached features or images."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import torch

from para_bench.backbones import BACKBONES, create_backbone
from para_bench.backbones.base import Backbone
from para_bench.benchmarks.conditions import TrainingSet
from para_bench.data.augmentation import Augmentation
from para_bench.data.cache import cache_root
from para_bench.data.dataset import Windows, make_windows
from para_bench.data.features import cached_features
from para_bench.data.images import cached_depths, cached_images
from para_bench.data.store import Demonstrations
from para_bench.demonstrations.frames import FrameImages
from para_bench.demonstrations.stored import VALIDATION_DEMOS, demonstrations
from para_bench.heads import find_head
from para_bench.heads.base import sees_depth
from para_bench.training.made_weights import is_made_here, make_weights, weights_path
from para_bench.training.plugged import plugin_sources
from para_bench.training.recipe import Recipe
from para_bench.types import FeatureSpec, content_hash


def prepare(recipe: Recipe, out: Path, device: torch.device, weights: Path | None = None, progress: bool = True) -> tuple[Windows, Windows]:
    """Training and validation windows, their demonstrations collected and their features computed where they are not there yet."""
    backbone = made_backbone(recipe, find_weights(recipe, out, weights, device, progress)).to(device)
    found = demonstrations(recipe.training, recipe.demos, recipe.demo_seed, out, progress)
    held_out = demonstrations(recipe.training, VALIDATION_DEMOS, -1, out, progress)
    depth = sees_depth(find_head(recipe.head))
    return (
        windows(found, backbone, recipe.augmentation, 0, progress, depth),
        windows(held_out, backbone, Augmentation(copies=0), 0, progress, depth),
    )


def windows(
    found: Demonstrations, backbone: Backbone, augmentation: Augmentation, seed: int, progress: bool = True, depth: bool = False
) -> Windows:
    """Training windows over cached features, or over cached images where the backbone is to be trained; with depth maps on request."""
    spec, cache = backbone.spec, cache_root()
    images = FrameImages(found, spec.image_size, augmentation, seed)
    if backbone.frozen:
        code = plugin_sources(BACKBONES.plugins.get(backbone.name))  # the key holds our own backbones' weights, not their code
        key = content_hash([images.key, code]) if code else images.key
        inputs = cached_features(spec, backbone.extract, images, len(images), key, cache, progress=progress)
    else:
        inputs = [cached_images(images, len(images), spec.image_size, images.key, cache, progress)]
    depths = cached_depths(images.depths, len(images), images.key, cache, progress) if depth else None
    return make_windows(found, [images.camera(sample) for sample in range(len(images))], images.copies, inputs, depths)


def find_weights(recipe: Recipe, out: Path, given: Path | None, device: torch.device, progress: bool = True) -> Path | None:
    """The file of the backbone's weights; None where its row, or chance, is their source. Trains those that are made here."""
    if given or not recipe.pretrained or not is_made_here(recipe.backbone):
        return given if recipe.pretrained else None
    return make_weights(*_made_of(recipe), out, device, progress)


def made_weights_path(recipe: Recipe, out: Path) -> Path:
    """Where the weights of a backbone that is made here lie, or will."""
    return weights_path(*_made_of(recipe), out)


def _made_of(recipe: Recipe) -> tuple[str, int, TrainingSet, int, int, int]:
    root = recipe.base or recipe  # fine-tuning to a new view starts from the backbone that its base had
    return root.backbone, root.image_size, root.training, root.demos, root.demo_seed, root.backbone_steps


def made_backbone(recipe: Recipe, weights: Path | None) -> Backbone:
    """The backbone of a recipe, on the CPU; frozen unless the recipe trains through it."""
    return create_backbone(recipe.backbone, recipe.image_size, weights, recipe.pretrained, frozen=not recipe.finetune)


def feature_spec(recipe: Recipe, weights: Path | None) -> FeatureSpec:
    """Of `made_backbone`, which is made once a process: a suite asks for each of its trainings, and each would take most of a second."""
    written = weights.stat().st_mtime_ns if weights and weights.exists() else 0
    return _spec_of(recipe.backbone, recipe.image_size, weights, recipe.pretrained, not recipe.finetune, written)


@lru_cache(maxsize=64)
def _spec_of(name: str, image_size: int, weights: Path | None, pretrained: bool, frozen: bool, written: int) -> FeatureSpec:
    return create_backbone(name, image_size, weights, pretrained, frozen).spec
