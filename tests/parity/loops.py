"""Two ways to train lerobot's policies: as lerobot does, and as para_bench.optimisation.loop trains our heads. Needs torch alone."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

WARMUP, WEIGHT_DECAY, CLIP, EMA_POWER, EMA_MAX = 100, 3e-2, 1.0, 0.75, 0.999
"""Of para_bench.optimisation.loop.TrainConfig; a test holds them equal."""


@dataclass(frozen=True)
class Loop:
    """What follows a backward pass."""

    optimiser: torch.optim.Optimizer
    share: Callable[[int], float]
    """Of each group's peak rate at a step."""
    clip: float
    """Largest gradient norm."""
    average: nn.Module | None
    """Averaged weights, to be used at test; None where the last ones are."""

    def step(self, policy: nn.Module, step: int) -> None:
        """One update, from the gradients that `policy` holds."""
        for group in self.optimiser.param_groups:
            group.setdefault("peak", group["lr"])
            group["lr"] = group["peak"] * self.share(step)
        nn.utils.clip_grad_norm_(policy.parameters(), self.clip)
        self.optimiser.step()
        self.optimiser.zero_grad()
        if self.average is not None:
            decay = min(EMA_MAX, 1 - (1 + step) ** -EMA_POWER)
            with torch.no_grad():
                for kept, new in zip(self.average.parameters(), policy.parameters(), strict=True):
                    kept.lerp_(new, 1 - decay)


def our_loop(policy: nn.Module, rate: float, steps: int) -> Loop:
    """AdamW, warm-up and cosine, averaged weights: para_bench.optimisation.loop.train."""
    trained = [p for p in policy.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=rate, weight_decay=WEIGHT_DECAY)
    return Loop(optimiser, lambda step: our_share(step, steps), CLIP, copy.deepcopy(policy).requires_grad_(False))


def our_share(step: int, steps: int) -> float:
    """Share of the peak rate: para_bench.optimisation.loop.schedule."""
    if step < WARMUP:
        return (step + 1) / WARMUP
    return 0.5 * (1 + math.cos(math.pi * (step - WARMUP) / max(1, steps - WARMUP)))


def lerobot_loop(policy: Any, rate: float | None, steps: int) -> Loop:
    """The optimiser and schedule that lerobot's configuration of the policy names; `rate` in place of its own where it is given."""
    config = policy.config
    if rate is not None:
        config.optimizer_lr = rate
        if hasattr(config, "optimizer_lr_backbone"):
            config.optimizer_lr_backbone = rate  # the preset has both equal
    preset, schedule = config.get_optimizer_preset(), config.get_scheduler_preset()
    groups = policy.get_optim_params()
    groups = [g for g in groups if g["params"]] if isinstance(groups, list) else groups  # no ResNet on given features
    optimiser = preset.build(groups)
    share: Callable[[int], float] = lambda step: 1.0  # noqa: E731
    if schedule is not None:
        share = schedule.build(optimiser, steps).lr_lambdas[0]
        for group in optimiser.param_groups:
            group["lr"] = group.pop("initial_lr")
    return Loop(optimiser, share, preset.grad_clip_norm, None)
