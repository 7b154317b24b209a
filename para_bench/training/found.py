"""Checkpoints that are there, found by what decides them; nothing is computed and torch is not loaded."""

from __future__ import annotations

from pathlib import Path

from para_bench.backbones import backbone_row
from para_bench.training.feature_specs import feature_spec
from para_bench.training.recipe import Recipe
from para_bench.training.specification import BACKBONE_WEIGHTS, CONFIG


def find_checkpoint(recipe: Recipe, out: Path, weights: Path | None = None) -> Path | None:
    """Folder of the finished checkpoint; None where it is not there yet."""
    base = find_checkpoint(recipe.base, out, weights) if recipe.base else None
    if recipe.base and not base:
        return None
    source = own_backbone(recipe, base) or (weights if recipe.pretrained else None)
    if source is None and recipe.pretrained and backbone_row(recipe.backbone).made_in_runs:
        from para_bench.training.made_weights import weights_path

        source = weights_path(recipe, out)
        if source is not None and not source.exists():
            return None
    folder = recipe.folder(feature_spec(recipe, source), out)
    return folder if (folder / CONFIG).exists() else None


def own_backbone(recipe: Recipe, base: Path | None) -> Path | None:
    """The backbone that the checkpoint before has tuned."""
    return base / BACKBONE_WEIGHTS if base and recipe.finetune else None
