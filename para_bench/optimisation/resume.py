"""What one sitting of a training leaves for the next, so that a run that was cut off continues to the same weights."""

from __future__ import annotations

import pickle
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import nn
from torch.optim import AdamW

STATE = "training.pt"


@dataclass
class Progress:
    """How far earlier sittings of a training came."""

    step: int = 0
    """Optimiser steps done."""
    rows: list[dict] = field(default_factory=list)
    """The validation curve."""
    seconds: float = 0.0
    devices: list[str] = field(default_factory=list)
    """Where they computed, each device named once."""


def device_name(device: torch.device) -> str:
    """ "cpu", or "cuda (NVIDIA H200)"."""
    return f"cuda ({torch.cuda.get_device_name(device)})" if device.type == "cuda" else device.type


def save(folder: Path, progress: Progress, learner: nn.Module, average: nn.Module, optimiser: AdamW) -> None:
    """Whole or not at all."""
    partial = folder / f"{STATE}.partial"
    weights = {"learner": learner.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict()}
    torch.save({**asdict(progress), **weights}, partial)
    partial.replace(folder / STATE)


def resume(folder: Path, learner: nn.Module, average: nn.Module, optimiser: AdamW, device: torch.device) -> Progress:
    """Put the state of an interrupted run into what is given; a damaged state starts afresh."""
    if not (folder / STATE).exists():
        return Progress()
    try:
        state = torch.load(folder / STATE, weights_only=True, map_location=device)
        parts = [state.pop(name) for name in ("learner", "average", "optimiser")]
        progress = Progress(**state)
    except (RuntimeError, KeyError, TypeError, AttributeError, EOFError, pickle.UnpicklingError, ValueError):
        return Progress()
    for owner, part in zip((learner, average, optimiser), parts, strict=True):
        owner.load_state_dict(part)
    return progress
