"""Where a training starts, and where its checkpoint lies: known before anything is collected or trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from para_bench.backbones import backbone_row
from para_bench.training.feature_specs import feature_spec
from para_bench.training.recipe import Recipe
from para_bench.training.specification import BACKBONE_WEIGHTS, CONFIG
from para_bench.types import FeatureSpec


class Start(NamedTuple):
    """What a training starts from."""

    base: Path | None
    """Checkpoint of the head's first weights; None for random ones."""
    weights: Path | None
    """File of the backbone's weights; None for its row's source, or for random ones."""
    made_here: bool
    """Whether the weights were trained by this suite: the checkpoint then keeps a copy of them."""
    spec: FeatureSpec
    state: dict[str, Any]
    """All that decides the checkpoint."""
    folder: Path
    """Where the checkpoint lies, or will."""

    @property
    def done(self) -> bool:
        return (self.folder / CONFIG).exists()


def start_of(recipe: Recipe, base: Path | None, out: Path, weights: Path | None = None) -> Start | None:
    """Where the training of a recipe starts; None where weights that are made here are not there yet.

    Args:
        recipe: What to train.
        base: Checkpoint of `recipe.base`.
        out: Root of the results.
        weights: File of the backbone's weights instead of its row's source.
    """
    own = base / BACKBONE_WEIGHTS if base and recipe.finetune else None  # the backbone that was fine-tuned in `base`
    source = own or (weights if recipe.pretrained else None)
    made = None
    if source is None and recipe.pretrained and backbone_row(recipe.backbone).made_in_runs:
        from para_bench.training.made_weights import weights_path  # loads torch

        made = weights_path(recipe, out)
    if made and not made.exists():
        return None
    spec = feature_spec(recipe, source or made)
    return Start(base, source or made, made is not None, spec, recipe.state(spec), recipe.folder(spec, out))


def find_checkpoint(recipe: Recipe, out: Path, weights: Path | None = None) -> Path | None:
    """Folder of the finished checkpoint; None where it is not there yet."""
    base = find_checkpoint(recipe.base, out, weights) if recipe.base else None
    if recipe.base and not base:
        return None
    start = start_of(recipe, base, out, weights)
    return start.folder if start and start.done else None
