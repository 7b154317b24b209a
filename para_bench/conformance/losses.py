"""Rules about the loss and its gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from para_bench.conformance.subject import BrokenRuleError, Subject
from para_bench.tensors import Batch

STEPS = 3
"""Small steps after which every parameter must have got a gradient: a layer that starts at zero hides those before it until it moved."""
_LABELS = ("actions", "encoded", "action_pixels")
_CHANGES: tuple[Callable[[Tensor], Tensor], ...] = (lambda x: x + 0.3, lambda x: -x, torch.zeros_like)


def scalar(subject: Subject) -> None:
    """loss is a finite scalar with its parts by name"""
    _, parts = subject.full_loss(subject.fresh(), subject.case.features, subject.case.batch)
    odd = [f"{name!r}: {value!r}" for name, value in parts.items() if not (isinstance(value, float) and abs(value) < float("inf"))]
    if odd or not parts:
        raise BrokenRuleError(f"loss returned the parts {{{', '.join(odd)}}}; allowed: one or more finite floats by name")


def gradients(subject: Subject) -> None:
    """every parameter gets a gradient"""
    head = subject.fresh()
    optimiser = torch.optim.SGD(head.parameters(), lr=1e-3)
    found: dict[str, Tensor | None] = {}
    for _ in range(STEPS):
        found = subject.gradients(head, subject.case.batch)
        optimiser.step()
    silent = [name for name, value in found.items() if value is None or not value.any()]
    if silent:
        raise BrokenRuleError(f"parameter {_some(silent)} gets no gradient; allowed: parameters that decide the loss, or buffers")
    odd = [name for name, value in found.items() if value is not None and not value.isfinite().all()]
    if odd:
        raise BrokenRuleError(f"parameter {_some(odd)} gets a gradient that is not finite")


def padding(subject: Subject) -> None:
    """padded timesteps change neither the loss nor a gradient"""
    head, batch = subject.fresh(), subject.case.batch
    expected, slopes = subject.loss(head, batch).item(), subject.gradients(head, batch)
    for change in _CHANGES:
        changed = beyond_the_end(batch, change)
        if (found := subject.loss(head, changed).item()) != expected:
            raise BrokenRuleError(f"padded timesteps change the loss: {expected:.6g} -> {found:.6g} by labels where batch.valid is False")
        others = subject.gradients(head, changed)
        moved = [name for name, slope in slopes.items() if not _same(slope, others[name])]
        if moved:
            raise BrokenRuleError(f"padded timesteps change the gradient of {_some(moved)}, by labels where batch.valid is False")


def labels(subject: Subject) -> None:
    """valid timesteps change the loss"""
    # Otherwise a head that ignores its labels would pass the rule about padding.
    head, b = subject.fresh(), subject.case.batch
    moved = replace(b, actions=b.actions + 0.02, encoded=b.encoded + 0.3, action_pixels=b.action_pixels + 0.1)
    if subject.loss(head, moved) == subject.loss(head, b):
        raise BrokenRuleError("the loss does not change with the labels of valid timesteps")


def beyond_the_end(batch: Batch, change: Callable[[Tensor], Tensor]) -> Batch:
    """Other labels at the timesteps that are not valid."""
    past = ~batch.valid[..., None]
    return replace(batch, **{name: torch.where(past, change(getattr(batch, name)), getattr(batch, name)) for name in _LABELS})


def _same(a: Tensor | None, b: Tensor | None) -> bool:
    return a is b if a is None or b is None else torch.equal(a, b)


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
