"""From a recipe to its checkpoint, found again by a hash of all that decides it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode
from tqdm import tqdm

from para_bench.conformance import check_honest
from para_bench.data.dataset import Windows
from para_bench.files import write_bytes
from para_bench.heads import HEADS, find_head
from para_bench.provenance import differences
from para_bench.training.feature_specs import feature_spec
from para_bench.training.found import own_backbone
from para_bench.training.fresh import fresh_learner
from para_bench.training.learner import Learner
from para_bench.training.loop import train
from para_bench.training.made_weights import made_weights
from para_bench.training.prepare import made_backbone, read_inputs
from para_bench.training.recipe import Recipe
from para_bench.training.saved import BACKBONE_WEIGHTS, CONFIG, HeadSpec, save_backbone, save_head
from para_bench.training.validation import validation

FORMAT = 2
"""Of config.json; without it a plug-in's code was part of the hash of its weights."""


def checkpoint(recipe: Recipe, out: Path, device: torch.device, weights: Path | None = None, progress: bool = True) -> Path:
    """Folder of the finished checkpoint; trains it where it is not there yet.

    Args:
        recipe: What to train.
        out: Root of the results.
        device: Where to compute.
        weights: File of the backbone's weights instead of its row's source.
        progress: Show bars.
    """
    torch.set_flush_denormal(True)  # gradients below 1e-38 cost some CPUs four times a step; before threads start, which take it over
    base = checkpoint(recipe.base, out, device, weights, progress) if recipe.base else None
    source = own_backbone(recipe, base) or (weights if recipe.pretrained else None)
    made = None if source else made_weights(recipe, out, device, progress)
    source = source or made
    spec = feature_spec(recipe, source)
    state, folder = recipe.state(spec), recipe.folder(spec, out)
    if (folder / CONFIG).exists():
        return folder
    if progress and (changed := _changed(folder, recipe, state)):
        tqdm.write(f"{recipe.name} is trained again: {changed}")
    if recipe.head not in HEADS.builtin:
        check_honest(recipe.head, find_head(recipe.head), spec)

    backbone = made_backbone(recipe, source).to(device)
    found, held_out, data, held_out_data = read_inputs(recipe, backbone, out, progress)
    learner = fresh_learner(recipe.head, recipe.head_config, backbone, recipe.train_seed, base)
    measure = validation(held_out, held_out_data)
    trained, seconds, devices = train(learner, data, measure, recipe.train, recipe.train_seed, folder, device, progress)

    if trained.backbone is not None:
        backbone = save_backbone(folder, trained.backbone)
    elif made:  # the checkpoint keeps a copy of its own
        write_bytes(folder / BACKBONE_WEIGHTS, made.read_bytes())
    record = {
        "format": FORMAT,
        "state": state,
        "parameters": {"head": _count(trained.head), "backbone": _count(backbone)},
        "demonstrations_hash": found.hash,
        "training_seconds": round(seconds, 2),
        "training_flops": recipe.train.steps * step_flops(learner, data, recipe.train.batch),
        "device": ", then ".join(devices),
    }
    save_head(folder, HeadSpec(recipe.head, recipe.head_config, backbone.spec), trained.head, record)
    return folder


def step_flops(learner: Learner, data: Windows, batch: int) -> int:
    """Floating point operations of one loss and its gradients, matrix products and convolutions alone; for the record."""
    with torch.random.fork_rng(), FlopCounterMode(display=False) as counter:
        learner.loss(*data.take(np.arange(batch) % len(data)))[0].backward()
    return counter.get_total_flops()


def _changed(folder: Path, recipe: Recipe, state: dict[str, Any]) -> str:
    """What differs from the last checkpoint of the same name; empty where there is none."""
    others = [path for path in folder.parent.glob(f"{recipe.name}-*/{CONFIG}") if path.parent != folder]
    if not others:
        return ""
    try:
        before = json.loads(max(others, key=lambda path: path.stat().st_mtime).read_text())["state"]
        return differences(before, json.loads(json.dumps(state)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):  # damaged, which decides nothing here
        return "by code that left no record of its state"


def _count(module: torch.nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())
