"""Trains an image backbone further so that a surface point has the same features from every view and in every light and room."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.optim import AdamW
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm

from para_bench.backbones import backbone_row, create_backbone
from para_bench.backbones.base import Backbone
from para_bench.pretraining.contrast import at_points, contrast
from para_bench.pretraining.worlds import pair

LEAST_POINTS = 12
"""A pair that shows fewer points twice teaches little and is left out of its batch."""
VALIDATION_WORLDS = 24
SAVE_SECONDS = 60


@dataclass(frozen=True)
class Settings:
    backbone: str = "efficientnet_lite0"
    steps: int = 2500
    batch: int = 6
    """Worlds a step, two pictures each."""
    learning_rate: float = 3e-4
    weight_decay: float = 1e-2
    warmup: int = 100
    image_size: int = 224
    evaluations: int = 10
    """Points on the curve."""


class _Worlds(Dataset):
    """World i: images (2, H, W, 3) uint8 and places (2, N, 2) as shares of the image."""

    def __init__(self, indices: range, size: int) -> None:
        self._indices, self._size = indices, size

    def __len__(self) -> int:
        return len(self._indices)

    def __getitem__(self, place: int) -> tuple[np.ndarray, np.ndarray]:
        found = pair(self._indices[place], self._size)
        return np.stack([found.first.image, found.second.image]), (found.pixels / self._size).astype(np.float32)


def pretrain(settings: Settings, out: Path, device: torch.device, workers: int = 1) -> Path:
    """Write the weights as `--backbone-weights` reads them (float16), and the curve beside them; continues where it was cut off.

    Args:
        settings: What decides the weights.
        out: The .safetensors file.
        device: Where to compute.
        workers: Processes that draw worlds.
    """
    backbone = create_backbone(settings.backbone, settings.image_size, frozen=False).to(device)
    groups = backbone.parameter_groups(settings.learning_rate)
    optimiser = AdamW([{"params": group["params"]} for group in groups], lr=settings.learning_rate, weight_decay=settings.weight_decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, partial(_share, settings))
    state, curve = out.with_suffix(".partial"), out.with_suffix(".csv")
    done, rows = _resume(state, backbone, optimiser, schedule)
    held_out = [_Worlds(range(-1, -1 - VALIDATION_WORLDS, -1), settings.image_size)[i] for i in range(VALIDATION_WORLDS)]
    if not rows:
        rows = [{"step": 0, "loss": float("nan"), **_validate(backbone, held_out, settings.batch)}]
    every, saved = max(1, settings.steps // settings.evaluations), time.monotonic()
    bar = tqdm(_batches(settings, done, workers), initial=done, total=settings.steps, desc=f"pretrain {settings.backbone}", mininterval=1)
    for step, worlds in enumerate(bar, start=done):
        backbone.train()
        loss, right = _loss(backbone, worlds)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(backbone.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        bar.set_postfix(loss=f"{loss.item():.3f}", right=f"{right:.2f}", refresh=False)
        if (step + 1) % every == 0 or step + 1 == settings.steps:
            rows.append({"step": step + 1, "loss": loss.item(), **_validate(backbone, held_out, settings.batch)})
        if time.monotonic() - saved > SAVE_SECONDS:
            parts = {"backbone": backbone.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict()}
            torch.save({"step": step + 1, "rows": rows, **parts}, state)
            saved = time.monotonic()
    weights = backbone.complete_state(backbone_row(settings.backbone))
    classifier = tuple(f"{name}." for name in [backbone.model.pretrained_cfg.get("classifier")] if isinstance(name, str))
    save_file({name: value.half().contiguous().cpu() for name, value in weights.items() if not name.startswith(classifier)}, out)
    with curve.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    state.unlink(missing_ok=True)
    return out


def _batches(settings: Settings, done: int, workers: int) -> Iterator[list[tuple[np.ndarray, np.ndarray]]]:
    """The worlds of each step, from step `done` on; which worlds does not hang on the number of workers."""
    worlds = _Worlds(range(done * settings.batch, settings.steps * settings.batch), settings.image_size)
    context = "spawn" if workers else None  # a forked GL context does not work
    return iter(DataLoader(worlds, settings.batch, num_workers=workers, collate_fn=list, multiprocessing_context=context))


def _loss(backbone: Backbone, worlds: list[tuple[np.ndarray, np.ndarray]]) -> tuple[Tensor, float]:
    """Of the worlds with LEAST_POINTS or more."""
    kept = [world for world in worlds if world[1].shape[1] >= LEAST_POINTS] or worlds[:1]
    device = backbone.mean.device
    images = torch.from_numpy(np.concatenate([images for images, _ in kept])).to(device).permute(0, 3, 1, 2).float() / 255
    most = max(places.shape[1] for _, places in kept)
    padded = torch.zeros(2 * len(kept), most, 2, device=device)
    for i, (_, places) in enumerate(kept):
        padded[2 * i : 2 * i + 2, : places.shape[1]] = torch.from_numpy(places)
    found, counts = at_points(backbone(images), padded), [places.shape[1] for _, places in kept]
    first, second = ([found[2 * i + side, :n] for i, n in enumerate(counts)] for side in (0, 1))
    return contrast(first, second, [padded[2 * i + 1, :n] for i, n in enumerate(counts)])


@torch.no_grad()
def _validate(backbone: Backbone, worlds: list[tuple[np.ndarray, np.ndarray]], batch: int) -> dict[str, float]:
    """Means over worlds that are never trained on."""
    backbone.eval()
    found = [_loss(backbone, worlds[i : i + batch]) for i in range(0, len(worlds), batch)]
    return {"val_loss": float(np.mean([loss.item() for loss, _ in found])), "val_right": float(np.mean([right for _, right in found]))}


def _share(settings: Settings, step: int) -> float:
    """Of the peak rate: linear warm-up, then a cosine to zero."""
    if step < settings.warmup:
        return (step + 1) / settings.warmup
    return 0.5 * (1 + float(np.cos(np.pi * (step - settings.warmup) / max(1, settings.steps - settings.warmup))))


def _resume(path: Path, backbone: Backbone, optimiser: AdamW, schedule: torch.optim.lr_scheduler.LambdaLR) -> tuple[int, list[dict]]:
    if not path.exists():
        return 0, []
    state = torch.load(path, weights_only=True)
    backbone.load_state_dict(state["backbone"])
    optimiser.load_state_dict(state["optimiser"])
    schedule.load_state_dict(state["schedule"])
    return state["step"], state["rows"]
