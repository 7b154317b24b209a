"""The one optimisation loop, for heads and for pre-training: AdamW, warm-up and cosine, averaged weights, no selection of checkpoints.

Every step is a function of its number alone, so an optimisation that was cut off continues to the same weights.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from para_bench.bars import Bar
from para_bench.optimisation.config import TrainConfig
from para_bench.optimisation.curve import write_curve
from para_bench.optimisation.resume import device_name, resume, save
from para_bench.types import ParaBenchError

SAVE_SECONDS = 20
"""Between two states on disk: what a killed training loses at most."""

M = TypeVar("M", bound=nn.Module)
B = TypeVar("B")


@dataclass(frozen=True)
class Problem(Generic[M, B]):
    """What is optimised."""

    model: M
    """Trained in place, on the device where it is."""
    groups: list[dict[str, Any]]
    """Optimiser groups: `params`, and `peak`, the rate at the schedule's top."""
    batches: Callable[[int], Iterable[B]]
    """From a step to the batches from that step on."""
    loss: Callable[[B], Tensor]
    """Scalar of one batch."""
    evaluate: Callable[[M], dict[str, float]]
    """Figures of the model, in eval mode, on data that it is never trained on."""
    backward: Callable[[Tensor], None] = Tensor.backward
    averaged: bool = False
    """Whether the averaged weights are the result (and are evaluated), instead of the last ones."""
    evaluate_first: bool = False
    """Whether the curve begins before the first step."""


@dataclass(frozen=True)
class Optimised(Generic[M]):
    """What a finished optimisation hands back."""

    model: M
    """In eval mode."""
    seconds: float
    """Wall time of all its runs, interrupted ones included."""
    devices: tuple[str, ...]
    """Where the runs computed, the first run first, each device named once."""


def optimise(
    problem: Problem[M, B], config: TrainConfig, decides: dict[str, Any], state: Path, curve: Path, label: str, progress: bool = True
) -> Optimised[M]:
    """Optimise to the last step; an interrupted optimisation of the same settings continues to the same weights.

    Args:
        problem: See Problem.
        config: See TrainConfig; `batch`, `learning_rate`, `backbone_share` and `freeze_stages` are what `problem` was made with.
        decides: All else that decides the weights, plain JSON values; a state of other settings is not continued.
        state: File that an interrupted optimisation continues from; whoever has written the weights removes it.
        curve: File that gets the figures of every evaluation (.csv).
        label: What the bar says.
        progress: Show a bar.

    Raises:
        ParaBenchError: the loss or its gradient is not finite, or a file cannot be written.
    """
    started = time.monotonic()
    model, decides = problem.model, {**decides, **asdict(config)}
    average = copy.deepcopy(model).requires_grad_(False) if problem.averaged else None
    result = model if average is None else average
    device = next(model.parameters()).device
    optimiser = AdamW(problem.groups, weight_decay=config.weight_decay)
    past = resume(state, decides, model, average, optimiser)
    started -= past.seconds
    past.devices = list(dict.fromkeys([*past.devices, device_name(device)]))
    if problem.evaluate_first and not past.rows:
        past.rows.append({"step": 0, **problem.evaluate(result.eval())})
    every, saved = max(1, config.steps // config.evaluations), time.monotonic()
    bar = Bar(total=config.steps, initial=past.step, desc=label, disable=not progress, mininterval=1)
    for step, batch in zip(range(past.step, config.steps), problem.batches(past.step), strict=False):  # a generator need not end
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * schedule(step, config)
        model.train()
        loss = problem.loss(batch)
        value = _finite(loss, "loss", step)
        optimiser.zero_grad()
        problem.backward(loss)
        _finite(nn.utils.clip_grad_norm_(model.parameters(), config.clip), "norm of the loss's gradient", step)
        optimiser.step()
        if average is not None:
            _average(average, model, min(config.ema_max, 1 - (1 + step) ** -config.ema_power))
        bar.update()
        if (step + 1) % every == 0 or step + 1 == config.steps:
            found = problem.evaluate(result.eval())
            past.rows.append({"step": step + 1, "train_loss": value, **found})
            bar.set_postfix({name: f"{number:.4g}" for name, number in {"loss": value, **found}.items()}, refresh=False)
            write_curve(curve, past.rows)
        if time.monotonic() - saved > SAVE_SECONDS:
            past.step, past.seconds = step + 1, time.monotonic() - started
            save(state, decides, past, model, average, optimiser)
            saved = time.monotonic()
    bar.close()
    return Optimised(result.eval(), time.monotonic() - started, tuple(past.devices))


def schedule(step: int, config: TrainConfig) -> float:
    """Share of the peak rate at a step."""
    if step < config.warmup:
        return (step + 1) / config.warmup
    return 0.5 * (1 + math.cos(math.pi * (step - config.warmup) / max(1, config.steps - config.warmup)))


def _average(average: nn.Module, model: nn.Module, decay: float) -> None:
    with torch.no_grad():
        for kept, new in zip(average.parameters(), model.parameters(), strict=True):
            kept.lerp_(new, 1 - decay)


def _finite(value: Tensor, what: str, step: int) -> float:
    if not math.isfinite(number := value.item()):
        raise ParaBenchError(f"{what} is {number} at step {step}; allowed: a finite number (try a lower --learning-rate)")
    return number
