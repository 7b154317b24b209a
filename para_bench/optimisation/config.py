"""What decides an optimisation, without torch: it is read before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainConfig:
    """What decides the optimisation; the same for every head."""

    steps: int = 2000
    """Optimiser steps; steps times `batch` is the number of samples seen."""
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
    """With --finetune, number of the backbone's stages, stem first, that keep their weights."""
    clip: float = 1.0
    """Largest gradient norm."""
    ema_power: float = 0.75
    """Averaged weights: decay 1 - (1 + step)^-power, at most `ema_max` (Chi et al. 2023)."""
    ema_max: float = 0.999
    evaluations: int = 12
    """Points on the validation curve."""
