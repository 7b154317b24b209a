"""A head's training: windows drawn from the training seed, in the one optimisation loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from para_bench.data.dataset import Windows
from para_bench.optimisation.loop import Problem, TrainConfig, optimise
from para_bench.optimisation.resume import STATE
from para_bench.tensors import Batch
from para_bench.training.learner import Learner

CURVE = "curve.csv"

Step = tuple[int, list[Tensor], Batch]
"""Number of the step, and its windows."""


class Trained(NamedTuple):
    """What a finished training hands back."""

    learner: Learner
    """The averaged weights."""
    seconds: float
    """Wall time of all its runs, interrupted ones included."""
    devices: tuple[str, ...]
    """Where the runs computed, the first run first, each device named once."""


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
        ParaBenchError: the loss is not finite, the head failed, or a file cannot be written.
    """
    learner, windows = learner.to(device), windows.on(device)

    def batches(done: int) -> Iterator[Step]:
        for step in range(done, config.steps):
            index = np.random.default_rng([seed, step]).integers(len(windows), size=config.batch)
            yield step, *windows.take(index)

    def loss(batch: Step) -> Tensor:
        step, inputs, labels = batch
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(seed * 1_000_003 + step)
            return learner.loss(inputs, labels)[0]

    groups = learner.parameter_groups(config.learning_rate, config.backbone_share, config.freeze_stages)
    problem = Problem(learner, groups, batches, loss, validate, learner.backward, averaged=True)
    label = f"train {folder.name.rpartition('-')[0]}"  # without the fingerprint
    found = learner.fence("training", optimise, problem, config, {"seed": seed}, folder / STATE, folder / CURVE, label, progress)
    return Trained(found.model, found.seconds, found.devices)
