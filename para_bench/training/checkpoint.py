"""From a recipe to its checkpoint, found again by a hash of all that decides it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode
from tqdm import tqdm

from para_bench.conformance import check_honest
from para_bench.data.dataset import Windows
from para_bench.demonstrations.stored import VALIDATION_DEMOS, demonstrations
from para_bench.heads import HEADS, create_head, find_head
from para_bench.sources import differences
from para_bench.training.learner import Learner
from para_bench.training.loop import train
from para_bench.training.made_weights import is_made_here
from para_bench.training.prepare import feature_spec, find_weights, made_backbone, made_weights_path, prepare
from para_bench.training.recipe import Recipe
from para_bench.training.saved import BACKBONE_WEIGHTS, CONFIG, HeadSpec, load_head, save_backbone, save_head
from para_bench.training.validation import validation


def find_checkpoint(recipe: Recipe, out: Path, weights: Path | None = None) -> Path | None:
    """Folder of the finished checkpoint; None where it is not there yet."""
    base = find_checkpoint(recipe.base, out, weights) if recipe.base else None
    if recipe.base and not base:
        return None
    own = base / BACKBONE_WEIGHTS if base and recipe.finetune else None
    if not own and not weights and recipe.pretrained and is_made_here(recipe.backbone):
        weights = made_weights_path(recipe, out)
        if not weights.exists():
            return None
    folder = recipe.folder(feature_spec(recipe, own or (weights if recipe.pretrained else None)), out)
    return folder if (folder / CONFIG).exists() else None


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
    own = base / BACKBONE_WEIGHTS if base and recipe.finetune else None
    source = find_weights(recipe, out, own or weights, device, progress)
    spec = feature_spec(recipe, source)
    state, folder = recipe.state(spec), recipe.folder(spec, out)
    if (folder / CONFIG).exists():
        return folder
    if progress and (changed := _changed(folder, recipe, state)):
        tqdm.write(f"{recipe.name} is trained again: {changed}")
    if recipe.head not in HEADS.builtin:
        check_honest(recipe.head, find_head(recipe.head), spec)
    backbone = made_backbone(recipe, source).to(device)
    data, held_out_windows = prepare(recipe, out, device, source, progress)
    held_out = demonstrations(recipe.training, VALIDATION_DEMOS, -1, out, progress)
    with torch.random.fork_rng():
        torch.manual_seed(recipe.train_seed)  # initial weights; PyTorch's layers take no generator
        head = create_head(recipe.head, spec, recipe.head_config)
    if base:
        head.load_state_dict(load_head(base, spec)[0].state_dict())
    learner = Learner(head, backbone if recipe.finetune else None, spec.summary_dim > 0)
    measure = validation(held_out, held_out_windows)
    trained, seconds, devices = train(learner, data, measure, recipe.train, recipe.train_seed, folder, device, progress)
    if trained.backbone is not None:
        backbone = save_backbone(folder, trained.backbone)
    elif source and not weights:  # made here: the checkpoint keeps its own copy
        shutil.copyfile(source, folder / BACKBONE_WEIGHTS)
    record = {
        "state": state,
        "parameters": {"head": _count(trained.head), "backbone": _count(backbone)},
        "demonstrations_hash": demonstrations(recipe.training, recipe.demos, recipe.demo_seed, out).hash,
        "training_seconds": round(seconds, 1),
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
    except (OSError, ValueError, KeyError):
        return "by code that left no record of its state"
    return differences(before, json.loads(json.dumps(state)))


def _count(module: torch.nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())
