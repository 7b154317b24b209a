"""The one training loop, for every head: AdamW, warm-up and cosine, averaged weights, no choosing of checkpoints.

Every step is a pure function of (train seed, step), so a run that was cut off continues to the same weights.
"""

from __future__ import annotations

import copy
import csv
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.optim import AdamW
from tqdm import tqdm

from para_bench.data.dataset import Windows
from para_bench.optimisation.resume import STATE, device_name, resume, save
from para_bench.training.learner import Learner
from para_bench.types import ParaBenchError

CURVE = "curve.csv"


@dataclass(frozen=True)
class TrainConfig:
    """What decides the optimisation; the same for every head."""

    steps: int = 2000
    """Optimiser steps; with `batch` the cap on samples seen."""
    batch: int = 16
    """Windows a step."""
    learning_rate: float = 1e-3
    """Peak rate of AdamW."""
    weight_decay: float = 3e-2
    warmup: int = 100
    """Steps of linear warm-up before the cosine decay to zero."""
    backbone_share: float = 0.1
    """With --finetune, the backbone's rate as a share of the head's."""
    freeze_stages: int = 0
    """With --finetune, so many of the backbone's stages, stem first, keep their weights."""
    clip: float = 1.0
    """Largest gradient norm."""
    ema_power: float = 0.75
    """Averaged weights: decay 1 - (1 + step)^-power, at most `ema_max` (Chi et al. 2023)."""
    ema_max: float = 0.999
    evaluations: int = 12
    """Points on the validation curve."""


class Trained(NamedTuple):
    """What a finished training hands back."""

    learner: Learner
    """The averaged weights."""
    seconds: float
    """Of all sittings that took part in them."""
    devices: tuple[str, ...]
    """Where they computed, first sitting first, each device named once."""


def train(
    learner: Learner,
    windows: Windows,
    validate: Callable[[Learner], dict[str, float]],
    config: TrainConfig,
    seed: int,
    folder: Path,
    device: torch.device,
    progress: bool = True,
) -> Trained:
    """Train to the averaged weights of the last step.

    Args:
        learner: Fresh weights.
        windows: Training windows.
        validate: From a learner to its figures on validation demonstrations.
        config: See TrainConfig.
        seed: Train seed; decides batches and noise.
        folder: Gets the curve, and the state that lets an interrupted run continue.
        device: Where to compute.
        progress: Show a bar.

    Raises:
        ParaBenchError: the loss is not finite.
    """
    started = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    learner, windows = learner.to(device), windows.on(device)
    average = copy.deepcopy(learner).requires_grad_(False)
    optimiser = AdamW(
        learner.parameter_groups(config.learning_rate, config.backbone_share, config.freeze_stages), weight_decay=config.weight_decay
    )
    past = resume(folder, learner, average, optimiser, device)
    rows, started = past.rows, started - past.seconds
    past.devices = list(dict.fromkeys([*past.devices, device_name(device)]))
    bar = tqdm(total=config.steps, initial=past.step, desc=f"train {folder.name}", disable=not progress, mininterval=1)
    every, saved = max(1, config.steps // config.evaluations), time.monotonic()
    for step in range(past.step, config.steps):
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * schedule(step, config)
        index = np.random.default_rng([seed, step]).integers(len(windows), size=config.batch)
        inputs, batch = windows.take(index)
        learner.train()
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(seed * 1_000_003 + step)
            loss, _ = learner.loss(inputs, batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learner.parameters(), config.clip)
        optimiser.step()
        _average(average, learner, min(config.ema_max, 1 - (1 + step) ** -config.ema_power))
        if not math.isfinite(loss.item()):
            raise ParaBenchError(f"loss is {loss.item()} at step {step}; allowed: a finite number (try a lower --learning-rate)")
        bar.update()
        if (step + 1) % every == 0 or step + 1 == config.steps:
            rows.append({"step": step + 1, "train_loss": loss.item(), **validate(average.eval())})
            bar.set_postfix(loss=f"{loss.item():.3f}", val_cm=f"{rows[-1].get('position_error_cm', math.nan):.2f}")
            _write_curve(folder / CURVE, rows)
        if time.monotonic() - saved > 20:
            past.step, past.seconds = step + 1, time.monotonic() - started
            save(folder, past, learner, average, optimiser)
            saved = time.monotonic()
    bar.close()
    (folder / STATE).unlink(missing_ok=True)
    return Trained(average.eval(), time.monotonic() - started, tuple(past.devices))


def schedule(step: int, config: TrainConfig) -> float:
    """Share of the peak rate at a step."""
    if step < config.warmup:
        return (step + 1) / config.warmup
    return 0.5 * (1 + math.cos(math.pi * (step - config.warmup) / max(1, config.steps - config.warmup)))


def _average(average: nn.Module, learner: nn.Module, decay: float) -> None:
    with torch.no_grad():
        for kept, new in zip(average.parameters(), learner.parameters(), strict=True):
            kept.lerp_(new, 1 - decay)


def _write_curve(path: Path, rows: list[dict]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
