"""Trains an image backbone further so that a surface point has the same features from every view and in every light and room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from para_bench.backbones import backbone_row
from para_bench.backbones.base import Backbone
from para_bench.backbones.create import create_backbone
from para_bench.pretraining.contrast import at_points, contrast
from para_bench.pretraining.loop import Loop, optimise, save_weights
from para_bench.pretraining.worlds import pair

LEAST_POINTS = 12
"""A pair that shows fewer points twice teaches little and is left out of its batch."""
VALIDATION_WORLDS = 24
World = tuple[np.ndarray, np.ndarray]
"""Images (2, H, W, 3) uint8 and places (2, N, 2) as shares of the image."""


@dataclass(frozen=True)
class Settings:
    loop: Loop
    backbone: str = "efficientnet_lite0"
    batch: int = 6
    """Worlds a step, two pictures each."""
    image_size: int = 224


class _Worlds(Dataset):
    def __init__(self, indices: range, size: int) -> None:
        self._indices, self._size = indices, size

    def __len__(self) -> int:
        return len(self._indices)

    def __getitem__(self, place: int) -> World:
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
    validation = _Worlds(range(-1, -1 - VALIDATION_WORLDS, -1), settings.image_size)
    held_out = [validation[i] for i in range(len(validation))]

    optimise(
        backbone,
        lambda done: _batches(settings, done, workers),
        lambda worlds: _loss(backbone, worlds)[0],
        lambda: _validate(backbone, held_out, settings.batch),
        settings.loop,
        out,
        {"backbone": settings.backbone, "batch": settings.batch, "image_size": settings.image_size},
    )
    weights = backbone.complete_state(backbone_row(settings.backbone))
    classifier = tuple(f"{name}." for name in [backbone.model.pretrained_cfg.get("classifier")] if isinstance(name, str))
    save_weights({name: value.half() for name, value in weights.items() if not name.startswith(classifier)}, out)
    return out


def _batches(settings: Settings, done: int, workers: int) -> Iterator[list[World]]:
    """The worlds of each step, from step `done` on; which worlds does not depend on the number of workers."""
    worlds = _Worlds(range(done * settings.batch, settings.loop.steps * settings.batch), settings.image_size)
    context = "spawn" if workers else None  # a forked GL context does not work
    return iter(DataLoader(worlds, settings.batch, num_workers=workers, collate_fn=list, multiprocessing_context=context))


def _loss(backbone: Backbone, worlds: list[World]) -> tuple[Tensor, float]:
    """Loss and share of right matches, of the worlds with LEAST_POINTS or more."""
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
def _validate(backbone: Backbone, worlds: list[World], batch: int) -> dict[str, float]:
    """Means over worlds that are never trained on."""
    backbone.eval()
    found = [_loss(backbone, worlds[i : i + batch]) for i in range(0, len(worlds), batch)]
    return {"val_loss": float(np.mean([loss.item() for loss, _ in found])), "val_right": float(np.mean([right for _, right in found]))}
