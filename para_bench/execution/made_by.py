"""By what a cell of a search was measured: its features, and the code and settings that decide it beside what its row says."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from para_bench.benchmarks.searched import AUGMENTATIONS
from para_bench.provenance import closure
from para_bench.rollouts.config import RunConfig, strength
from para_bench.rollouts.identity import episode_state
from para_bench.training.recipe import Recipe
from para_bench.training.start import start_of
from para_bench.types import content_hash, to_dict

_TEST = ("rollouts/loading.py", "para_bench.rollouts.policy", "execution/cells.py")
"""Entry points of a cell's test beside its head and its episodes."""


class MadeBy(NamedTuple):
    """Two columns of the table."""

    features: str
    code: str


def made_by(recipe: Recipe, config: RunConfig) -> MadeBy | None:
    """Of one cell; `code` is the same in all cells of a head that are alike. None where the backbone's weights are not trained yet."""
    start = start_of(recipe, None, config.out, config.backbone_weights)
    if start is None:
        return None
    plain = replace(strength("off"), copies=recipe.augmentation.copies)
    shared = replace(recipe, demos=0, augmentation=plain, train=replace(recipe.train, steps=0, learning_rate=0.0))
    decides = {
        "training": shared.state(start.spec),
        "augmentations": {name: to_dict(strength(name)) for name in AUGMENTATIONS},
        "decode": recipe.head_config.decode,
        "episodes": episode_state(config, config.find_split()),
        "policy": closure(_TEST),
    }
    return MadeBy(start.spec.backbone, content_hash(decides))
