"""Trains the video U-Net to predict the next images of demonstrations and play, and compares it with repeating the last image."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import imageio.v2 as imageio
import numpy as np
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torch import Tensor

from para_bench.backbones import backbone_row
from para_bench.backbones.create import create_backbone
from para_bench.backbones.video_unet import FUTURE, VideoUNet
from para_bench.files import writing
from para_bench.pretraining.clips import Clips, brighter, shrink
from para_bench.pretraining.image_loss import image_loss
from para_bench.pretraining.loop import Loop, optimise, save_weights

STRIP_CLIPS = 3


@dataclass(frozen=True)
class Settings:
    loop: Loop
    backbone: str = "video"
    """A row of BACKBONES that is a video U-Net."""
    batch: int = 8
    image_size: int = 224


def pretrain(settings: Settings, training: list[Clips], held_out: Clips, out: Path, device: torch.device, progress: bool = True) -> Path:
    """Write the weights, the curve beside them (.csv) and a strip of predicted images (.png); continues where it was cut off.

    Args:
        settings: What decides the weights beside the clips.
        training: Sources of clips, each with an equal share of every batch.
        held_out: Clips of validation demonstrations.
        out: The .safetensors file, which `--backbone-weights` reads.
        device: Where to compute.
        progress: Show a bar.
    """
    model = _blank(settings).to(device)

    def batches(done: int) -> Iterator[list[Tensor]]:
        return (_batch(training, settings.batch, model.history, step) for step in range(done, settings.loop.steps))

    def loss(batch: list[Tensor]) -> Tensor:
        seen, ahead = (part.to(device) for part in batch)
        return image_loss(_predict(model, seen), ahead)

    decides = {
        "backbone": settings.backbone,
        "batch": settings.batch,
        "image_size": settings.image_size,
        "clips": [clips.key for clips in training],
    }
    optimise(model, batches, loss, lambda: measure(model, held_out), settings.loop, out, decides, progress)
    with writing(out.with_suffix(".png")) as partial:
        imageio.imwrite(partial, strip(model, held_out))
    save_weights(model.state_dict(), out)  # last: it makes the pre-training complete
    return out


def verdict(out: Path) -> str:
    """Whether the finished model at `out` predicts better than no model, in a sentence."""
    with out.with_suffix(".csv").open() as file:
        last = {name: float(value) for name, value in list(csv.DictReader(file))[-1].items()}
    better = last["psnr_db"] > last["copy_psnr_db"] and last["ssim"] > last["copy_ssim"]
    return (
        f"next {FUTURE} images, held-out demonstrations: PSNR {last['psnr_db']:.2f} dB, SSIM {last['ssim']:.3f}; the last image repeated: "
        f"{last['copy_psnr_db']:.2f} dB, {last['copy_ssim']:.3f}; {'better than' if better else 'NOT better than'} repeating it in both"
    )


@torch.no_grad()
def measure(model: VideoUNet, held_out: Clips, stride: int = 5) -> dict[str, float]:
    """PSNR [dB] and SSIM of predicted images against true ones, and of the last image repeated: means over every `stride`-th clip.

    Only clips that end before their episode does: what would have followed is not known, and repeating the last image would be exact.
    """
    found: dict[str, list[float]] = {}
    device = next(model.parameters()).device
    chosen = held_out.starts[::stride]
    for frames in np.array_split(chosen, max(1, len(chosen) // 8)):
        seen, ahead = held_out.take(frames, model.history)
        guesses = {"": _predict(model, seen.to(device)).cpu(), "copy_": _last(seen).expand(-1, FUTURE, -1, -1, -1)}
        for name, guess in guesses.items():
            for image, truth in zip(_pictures(guess), _pictures(ahead), strict=True):
                # Where nothing moves the copy is exact and its PSNR infinite: 60 dB is less than a grey level off.
                with np.errstate(divide="ignore"):
                    found.setdefault(f"{name}psnr_db", []).append(min(60.0, peak_signal_noise_ratio(truth, image, data_range=255)))
                found.setdefault(f"{name}ssim", []).append(
                    float(np.asarray(structural_similarity(truth, image, channel_axis=-1, data_range=255)))
                )
    return {name: float(np.mean(values)) for name, values in found.items()}


@torch.no_grad()
def strip(model: VideoUNet, held_out: Clips) -> np.ndarray:
    """Rows of images: of STRIP_CLIPS clips the present and the true future, and below them what was predicted. Shape (H, W, 3), uint8."""
    device, rows = next(model.parameters()).device, []
    for frame in held_out.middles(STRIP_CLIPS):
        seen, ahead = held_out.take(np.array([frame]), model.history)
        present = _last(seen)
        for row in (ahead, _predict(model, seen.to(device)).cpu()):
            rows.append(np.concatenate(list(_pictures(torch.cat([present, row], dim=1))), axis=1))
    return np.concatenate(rows)


def _predict(model: VideoUNet, seen: Tensor) -> Tensor:
    """Images (B, FUTURE, 3, H', W'), about in [0, 1]."""
    mean, std = (torch.tensor(model.pretrained_cfg[name]).to(seen).view(3, 1, 1) for name in ("mean", "std"))
    times = seen.shape[1] // 3
    return _last(seen) + std * model((seen - mean.repeat(times, 1, 1)) / std.repeat(times, 1, 1))


def _last(seen: Tensor) -> Tensor:
    """The present image at the size of predictions. Shape (B, 1, 3, H', W')."""
    return shrink(seen[:, None, -3:])


def _pictures(images: Tensor) -> np.ndarray:
    """Images (B, T, 3, H, W) in [0, 1] as (B T, H, W, 3), uint8."""
    return (255 * images.clamp(0, 1)).round().to(torch.uint8).flatten(0, 1).permute(0, 2, 3, 1).numpy()


def _batch(training: list[Clips], batch: int, history: int, step: int) -> list[Tensor]:
    """The clips of a step, a pure function of it."""
    rng = np.random.default_rng([0, step])
    shares = np.bincount(np.arange(batch) % len(training), minlength=len(training))
    parts = [clips.take(rng.choice(clips.starts, share), history) for clips, share in zip(training, shares, strict=True) if share]
    seen, ahead = (torch.cat(part) for part in zip(*parts, strict=True))
    return brighter([seen, ahead], torch.Generator().manual_seed(step))


def _blank(settings: Settings) -> VideoUNet:
    model = create_backbone(settings.backbone, settings.image_size, pretrained=False, frozen=False).model
    if not isinstance(model, VideoUNet):
        raise TypeError(f"{settings.backbone} is {backbone_row(settings.backbone).timm_name}, no VideoUNet")
    return model.train()
