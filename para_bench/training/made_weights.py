"""Weights of backbones that are trained here, on the demonstrations of a recipe and on play; found again by a hash of what decides them."""

from __future__ import annotations

from pathlib import Path

import torch
from filelock import FileLock
from tqdm import tqdm

from para_bench.backbones import backbone_row
from para_bench.benchmarks.conditions import TrainingSet
from para_bench.demonstrations.stored import DECIDES, VALIDATION_DEMOS, demonstrations
from para_bench.pretraining.clips import Clips
from para_bench.pretraining.loop import Loop
from para_bench.pretraining.play import play
from para_bench.pretraining.video import Settings, pretrain, verdict
from para_bench.sources import sources
from para_bench.types import SUITE_VERSION, content_hash, to_dict

PLAY_EPISODES = 2
"""For each demonstration."""
LEARNING_RATE = 1e-3


def is_made_here(backbone: str) -> bool:
    """Whether a run trains the backbone's weights before its heads."""
    row = backbone_row(backbone)
    return row.made_by is not None and row.asset is None


def weights_path(backbone: str, image_size: int, training: TrainingSet, demos: int, demo_seed: int, steps: int, out: Path) -> Path:
    """Where the weights lie, or will. Arguments as `make_weights` has them."""
    code = sources((*DECIDES, "pretraining", "training/made_weights.py"))
    key = content_hash([SUITE_VERSION, backbone, image_size, to_dict(training), demos, demo_seed, steps, code])
    return out / "checkpoints" / f"{backbone}-{training.name}-{demos}-{key}" / "backbone.safetensors"


def make_weights(
    backbone: str,
    image_size: int,
    training: TrainingSet,
    demos: int,
    demo_seed: int,
    steps: int,
    out: Path,
    device: torch.device,
    progress: bool = True,
) -> Path:
    """Train where they are not there yet. Two processes may ask at once: the second waits.

    Args:
        backbone: A video row of BACKBONES.
        image_size: Side of the images [px].
        training: Where the demonstrations come from.
        demos: How many.
        demo_seed: Which.
        steps: Optimiser steps.
        out: Root of the results.
        device: Where to compute.
        progress: Show bars.
    """
    path = weights_path(backbone, image_size, training, demos, demo_seed, steps, out)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            videos = [demonstrations(training, demos, demo_seed, out, progress), play(PLAY_EPISODES * demos, demo_seed, progress)]
            clips = [Clips(found, image_size, progress) for found in videos]
            held_out = Clips(demonstrations(training, VALIDATION_DEMOS, -1, out, progress), image_size, progress)
            settings = Settings(Loop(steps, LEARNING_RATE, evaluations=5), backbone, image_size=image_size)
            pretrain(settings, clips, held_out, path, device, progress)
            if progress:
                tqdm.write(f"{backbone}: {verdict(path)} (shown in {path.with_suffix('.png')})")
    return path
