"""Rules about learning: a head can learn four windows by heart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch

from para_bench.conformance.subject import BrokenRuleError, Subject
from para_bench.geometry import wrap_yaw
from para_bench.heads.base import Head, HeadConfig

STEPS, WARMUP_STEPS, LEARNING_RATE, WIDTH = 300, 50, 3e-3, 32
LOSS_SHARE = 0.25
"""Share of the first loss that may be left: a cross-entropy on soft labels keeps their entropy, about a seventh of it."""
ERROR_SHARE = 1 / 3
"""Share of the first errors that may be left: what the slowest built-in head reaches after 14 s on one core."""


class Training(NamedTuple):
    losses: list[float]
    before: np.ndarray
    """Mean distance [m], yaw error [rad] and opening error over the valid timesteps. Shape (3,)."""
    after: np.ndarray


def overfits(subject: Subject) -> None:
    """learns one batch by heart: its loss falls and its predictions approach the labels"""
    head = subject.fresh(HeadConfig(width=WIDTH))
    losses, before, after = train(subject, head)
    last = float(np.mean(losses[-10:]))
    if not last < LOSS_SHARE * losses[0]:
        raise BrokenRuleError(
            f"cannot overfit one batch: loss {losses[0]:.3g} -> {last:.3g} after {STEPS} steps; allowed: to {LOSS_SHARE:g} of it"
        )
    if getattr(head, "fixed_motion", False):
        return  # it only learns where to act, which its own tests check
    if not (after < ERROR_SHARE * before).all():
        raise BrokenRuleError(
            f"predictions do not follow the loss on one batch: {_words(before)} -> {_words(after)} after {STEPS} steps; "
            "allowed: to a third of each"
        )


def train(subject: Subject, head: Head) -> Training:
    case, losses, before = subject.case, [], _errors(subject, head)
    optimiser = torch.optim.AdamW(head.parameters(), lr=LEARNING_RATE)
    warm = np.minimum(1, (np.arange(STEPS + 1) + 1) / WARMUP_STEPS)
    share = warm * 0.5 * (1 + np.cos(np.pi * np.arange(STEPS + 1) / STEPS))
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: float(share[step]))
    for step in range(STEPS):
        loss = subject.any_loss(head, case.features, case.batch)[0] if step else subject.loss(head, case.batch)
        optimiser.zero_grad()
        subject.backward(loss)
        torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimiser.step()
        rate.step()
        losses.append(loss.item())
    return Training(losses, before, _errors(subject, head))


def _errors(subject: Subject, head: Head) -> np.ndarray:
    rows = []
    for index, observation in enumerate(subject.case.observations):
        found = subject.predict(head, observation, window=index)
        off = (found - subject.case.batch.actions[index].numpy())[subject.case.batch.valid[index].numpy()]
        off[:, 3] = wrap_yaw(off[:, 3])
        rows.append([np.linalg.norm(off[:, :3], axis=1).mean(), np.abs(off[:, 3]).mean(), np.abs(off[:, 4]).mean()])
    return np.mean(rows, axis=0)


def _words(errors: np.ndarray) -> str:
    return f"{100 * errors[0]:.2g} cm, {errors[1]:.2g} rad, {errors[2]:.2g} opening"
