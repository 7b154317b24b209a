"""Weights of backbones that are trained here, on the demonstrations of a recipe and on play; found again by a hash of what decides them."""

from __future__ import annotations

from pathlib import Path

import torch
from filelock import FileLock
from tqdm import tqdm

from para_bench.backbones import backbone_row
from para_bench.benchmarks.versions import find_version
from para_bench.demonstrations.stored import VALIDATION_DEMOS, demonstration_modules, demonstrations
from para_bench.files import make_folder
from para_bench.pretraining.clips import Clips
from para_bench.pretraining.loop import Loop
from para_bench.pretraining.play import play
from para_bench.pretraining.video import Settings, pretrain, verdict
from para_bench.provenance import closure
from para_bench.training.modules import backbone_modules
from para_bench.training.recipe import Recipe
from para_bench.types import content_hash, to_dict

PLAY_EPISODES = 2
"""Episodes of play for each demonstration."""
LEARNING_RATE = 1e-3
_MODULES = (pretrain.__module__, Clips.__module__, play.__module__)


def weights_path(recipe: Recipe, out: Path) -> Path | None:
    """Where the weights lie, or will; None where they are not made here, or the recipe starts without them."""
    if not recipe.pretrained or not backbone_row(recipe.backbone).made_in_runs:
        return None
    root = recipe.base or recipe  # fine-tuning to a new view starts from the backbone that its base had
    code = closure((*demonstration_modules(root.training), *backbone_modules(root.backbone), *_MODULES))
    decides = [
        find_version(root.training.suite_version).decides,
        to_dict(root.training.states),
        root.demos,
        root.demo_seed,
        PLAY_EPISODES,
        VALIDATION_DEMOS,
        to_dict(settings(root)),
    ]
    return out / "checkpoints" / f"{root.backbone}-{root.training.name}-{root.demos}-{content_hash([*decides, code])}/backbone.safetensors"


def made_weights(recipe: Recipe, out: Path, device: torch.device, progress: bool = True) -> Path | None:
    """As `weights_path`; trains them where they are not there yet. Two processes may ask at once: the second waits."""
    path, root = weights_path(recipe, out), recipe.base or recipe
    if path is None:
        return None
    make_folder(path.parent)
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            found = demonstrations(root.training, root.demos, root.demo_seed, out, progress)
            videos = [found, play(PLAY_EPISODES * root.demos, root.demo_seed, progress)]
            clips = [Clips(found, root.image_size, progress) for found in videos]
            held_out = Clips(demonstrations(root.training, VALIDATION_DEMOS, -1, out, progress), root.image_size, progress)
            pretrain(settings(root), clips, held_out, path, device, progress)
            if progress:
                tqdm.write(f"{root.backbone}: {verdict(path)} (shown in {path.with_suffix('.png')})")
    return path


def settings(root: Recipe) -> Settings:
    """How the weights of a recipe that starts from no other are trained."""
    return Settings(Loop(root.backbone_steps, LEARNING_RATE, evaluations=5), root.backbone, image_size=root.image_size)
