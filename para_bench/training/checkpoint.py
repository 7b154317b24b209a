"""Trains a recipe from its first weights and inputs, and writes the checkpoint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from para_bench.data.dataset import Windows
from para_bench.files import write_bytes
from para_bench.training.fresh import fresh_learner
from para_bench.training.learner import Learner
from para_bench.training.loop import train
from para_bench.training.prepare import Inputs
from para_bench.training.recipe import Recipe
from para_bench.training.saved import BACKBONE_WEIGHTS, HeadSpec, save_backbone, save_head
from para_bench.training.start import Start
from para_bench.training.validation import validation

FORMAT = 2
"""Format of config.json. In files without it, a plug-in's code is part of the hash of its weights."""


def checkpoint(recipe: Recipe, start: Start, inputs: Inputs, device: torch.device, progress: bool = True) -> Path:
    """Train a recipe and write its checkpoint.

    Args:
        recipe: What to train.
        start: Its first weights, and the folder of the checkpoint.
        inputs: Its backbone, demonstrations and windows.
        device: Where to compute.
        progress: Show a bar.

    Returns:
        Folder of the finished checkpoint.
    """
    backbone = inputs.backbone
    learner = fresh_learner(recipe.head, recipe.head_config, backbone, recipe.train_seed, start.base)
    measure = validation(inputs.held_out, inputs.held_out_windows)
    found, seconds, devices = train(learner, inputs.windows, measure, recipe.train, recipe.train_seed, start.folder, device, progress)

    if found.backbone is not None:
        backbone = save_backbone(start.folder, found.backbone)
    elif start.made_here and start.weights:
        write_bytes(start.folder / BACKBONE_WEIGHTS, start.weights.read_bytes())
    record = {
        "format": FORMAT,
        "state": start.state,
        "parameters": {"head": _count(found.head), "backbone": _count(backbone)},
        "demonstrations_hash": inputs.found.hash,
        "training_seconds": round(seconds, 2),
        "training_flops": recipe.train.steps * step_flops(learner, inputs.windows, recipe.train.batch),
        "device": ", then ".join(devices),
    }
    save_head(start.folder, HeadSpec(recipe.head, recipe.head_config, backbone.spec), found.head, record)
    return start.folder


def step_flops(learner: Learner, data: Windows, batch: int) -> int:
    """Floating point operations of one loss and its gradients, matrix products and convolutions alone; for the record."""
    with torch.random.fork_rng(), FlopCounterMode(display=False) as counter:
        learner.loss(*data.take(np.arange(batch) % len(data)))[0].backward()
    return counter.get_total_flops()


def _count(module: torch.nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())
