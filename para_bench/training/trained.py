"""From a recipe to its finished checkpoint: what it starts from, what it reads, then the training, each made where it is not there yet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from para_bench.conformance import check_honest
from para_bench.heads import HEADS, find_head
from para_bench.provenance import differences
from para_bench.records.documents import parse_json, read_bytes
from para_bench.threads import start_flushing
from para_bench.training.checkpoint import checkpoint
from para_bench.training.made_weights import made_weights
from para_bench.training.prepare import read_inputs
from para_bench.training.recipe import Recipe
from para_bench.training.saved import CONFIG
from para_bench.training.start import start_of


def trained(recipe: Recipe, out: Path, device: torch.device, weights: Path | None = None, progress: bool = True) -> Path:
    """Folder of the finished checkpoint; trains it, and what it starts from, where it is not there yet.

    Args:
        recipe: What to train.
        out: Root of the results.
        device: Where to compute.
        weights: File of the backbone's weights instead of its row's source.
        progress: Show bars.
    """
    start_flushing()
    torch.set_flush_denormal(True)  # gradients below 1e-38 cost some CPUs four times a step
    base = trained(recipe.base, out, device, weights, progress) if recipe.base else None
    start = start_of(recipe, base, out, weights)
    if start is None:
        made_weights(recipe, out, device, progress)
        start = start_of(recipe, base, out, weights)
        assert start is not None, "weights are there once they are made"
    if start.done:
        return start.folder
    if progress and (changed := _changed(start.folder, recipe, start.state)):
        tqdm.write(f"{recipe.name} is trained again: {changed}")
    if recipe.head not in HEADS.builtin:
        check_honest(recipe.head, find_head(recipe.head), start.spec)
    return checkpoint(recipe, start, read_inputs(recipe, start.weights, out, device, progress), device, progress)


def _changed(folder: Path, recipe: Recipe, state: dict[str, Any]) -> str:
    """What differs from the last checkpoint of the same name; empty where there is none."""
    others = [path for path in folder.parent.glob(f"{recipe.name}-*/{CONFIG}") if path.parent != folder]
    if not others:
        return ""
    try:
        last = max(others, key=lambda path: path.stat().st_mtime)
        before = parse_json(read_bytes(last))["state"]
        return differences(before, json.loads(json.dumps(state)))
    except Exception:  # damaged in whatever way, which decides nothing here
        return "by code that left no record of its state"
