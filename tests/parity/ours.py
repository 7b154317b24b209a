"""Our side: the head trained as `para-bench run` trains it, without augmentation, and its chunks for every validation window."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from para_bench.backbones.create import create_backbone
from para_bench.benchmarks.profiles import DEFAULT_LEARNING_RATE, LEARNING_RATES
from para_bench.demonstrations.stored import VALIDATION_DEMOS, demonstrations
from para_bench.optimisation.loop import TrainConfig
from para_bench.tensors import Features, encode_actions
from para_bench.training.recipe import Recipe
from para_bench.training.saved import CONFIG, load_head
from para_bench.training.trained import trained
from para_bench.training.validation import frame_observation
from para_bench.training.windows import windows
from parity.export import PLAIN


def our_recipe(policy: str, demos: int, steps: int, batch: int, seed: int, rate: float | None) -> Recipe:
    """The benchmark's recipe; `rate` None is the rate that the benchmark uses."""
    rate = LEARNING_RATES.get(policy, DEFAULT_LEARNING_RATE) if rate is None else rate
    return Recipe(policy, seed, demos, augmentation=PLAIN, train=TrainConfig(steps=steps, batch=batch, learning_rate=rate))


def our_version(recipe: Recipe, out: Path) -> str:
    """Hash of all that decides the checkpoint, code too."""
    return recipe.folder(create_backbone(recipe.backbone, recipe.image_size).spec, out).name.rpartition("-")[2]


def our_chunks(recipe: Recipe, out: Path, device: torch.device) -> tuple[np.ndarray, int, float]:
    """Encoded chunks (N, T, 6) of every validation window, parameters, seconds a step; trains where there is no checkpoint yet."""
    folder = trained(recipe, out, device)
    held_out = demonstrations(recipe.training, VALIDATION_DEMOS, -1, out)
    backbone = create_backbone(recipe.backbone, recipe.image_size)
    head = load_head(folder, backbone.spec)[0].eval().to(device)
    levels = windows(held_out, backbone.to(device), PLAIN, 0).inputs[: len(backbone.spec.channels)]
    generator, found = torch.Generator().manual_seed(0), []  # one sample a window where the head draws noise, as on lerobot's side
    for frame in tqdm(range(len(held_out.frames)), desc="predict"):
        features = Features(tuple(torch.from_numpy(np.array(level[frame : frame + 1])).float().to(device) for level in levels))
        found.append(encode_actions(head.predict(features, frame_observation(held_out, frame), generator).actions))
    record = json.loads((folder / CONFIG).read_text())
    return np.stack(found), record["parameters"]["head"], record["training_seconds"] / recipe.train.steps
