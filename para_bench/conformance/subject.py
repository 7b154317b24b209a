"""A head under test on one case, and the words for what it does wrong."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from para_bench.conformance.ambient import copied, differences, put_back, settings
from para_bench.conformance.cases import Case
from para_bench.heads import HeadMaker
from para_bench.heads.base import Head, HeadConfig
from para_bench.plugins import raise_if_not_its_own, reason
from para_bench.tensors import Batch, Features
from para_bench.types import ACTIONS, ActionChunk, Observation

SMALL = HeadConfig(width=16)


class BrokenRuleError(Exception):
    """What a head does that a rule forbids, and what is allowed; one line."""


class Subject:
    """What makes a head, and windows to run it on. A call that raises, or returns another type, breaks the rule at hand.

    Each call gets copies of its inputs, and settings of the process are restored after it: no call can spoil a later one.
    """

    def __init__(self, make: HeadMaker, case: Case) -> None:
        self.case, self.make = case, make
        self.module = str(getattr(make, "__module__", ""))
        self.spoilt: set[str] = set()
        """Inputs that a call changed in place."""
        self.changed: set[str] = set()
        """Settings of the process that a call changed."""
        self.printed = ""
        """What calls wrote to the terminal."""

    def fresh(self, config: HeadConfig = SMALL, seed: int = 0) -> Head:
        """A new head, with the same weights for the same seed."""
        torch.manual_seed(seed)
        return self._told("it cannot be made from a FeatureSpec and a HeadConfig:", self.make, self.case.spec, config)

    @cached_property
    def head(self) -> Head:
        """A head in eval mode, for rules that change nothing in it."""
        return self.fresh().eval()

    def full_loss(self, head: Head, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        torch.manual_seed(1)  # a head may draw noise: the same in every call
        return self.any_loss(head, features, batch)

    def any_loss(self, head: Head, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        """Loss and its parts, with new random numbers in every call."""
        found: Any = self._told("loss raised", head.loss, features, batch)
        if not (isinstance(found, tuple) and len(found) == 2 and isinstance(found[0], Tensor) and isinstance(found[1], dict)):
            raise BrokenRuleError(f"loss returned {_kind(found)}; allowed: (scalar tensor, dict of floats)")
        loss = found[0]
        if loss.shape != () or not loss.isfinite():
            value = loss.detach().cpu().numpy() if loss.numel() < 10 else "a tensor"
            raise BrokenRuleError(f"loss returned {value} of shape {tuple(loss.shape)}; allowed: one finite number, shape ()")
        return found

    def loss(self, head: Head, batch: Batch, features: Features | None = None) -> Tensor:
        return self.full_loss(head, features or self.case.features, batch)[0]

    def gradients(self, head: Head, batch: Batch) -> dict[str, Tensor | None]:
        """Gradients of the loss by parameter, None for a parameter without one."""
        head.zero_grad()
        self.backward(self.loss(head, batch))
        return {name: None if value.grad is None else value.grad.clone() for name, value in head.named_parameters()}

    def backward(self, loss: Tensor) -> None:
        self._told("the loss has no gradient:", loss.backward)

    def chunk(self, head: Head, features: Features, observation: Observation, seed: int = 0) -> ActionChunk:
        """The predicted chunk; its waypoints have the right shape and are finite."""
        with torch.no_grad():  # as the harness calls it
            found: Any = self._told("predict raised", head.predict, features, observation, torch.Generator().manual_seed(seed))
        if not isinstance(found, ActionChunk):
            raise BrokenRuleError(f"predict returned {_kind(found)}; allowed: an ActionChunk")
        actions, wanted = found.actions, (ACTIONS.horizon, ACTIONS.dim)
        if not isinstance(actions, np.ndarray):
            raise BrokenRuleError(f"predict returned actions in a {_kind(actions)}; allowed: a numpy array")
        if actions.dtype.kind != "f":
            raise BrokenRuleError(f"predict returned actions of type {actions.dtype}; allowed: floats")
        if actions.shape != wanted:
            raise BrokenRuleError(f"predict returned actions of shape {actions.shape}; allowed: {wanted}")
        if not np.isfinite(actions).all():
            raise BrokenRuleError("predict returned actions that are not finite")
        return found

    def predict(self, head: Head, observation: Observation | None = None, window: int = 0, seed: int = 0) -> np.ndarray:
        """Waypoints (T, 5) for the first observation, or another, with the features of one window."""
        return self.chunk(head, self.case.one(window), observation or self.case.observations[0], seed).actions

    def _told(self, what: str, call: Callable[..., Any], *arguments: Any) -> Any:
        given, before, said = [copied(argument) for argument in arguments], settings(), io.StringIO()
        try:
            with redirect_stdout(said), redirect_stderr(said):
                return call(*given)
        except BaseException as error:  # whatever the head raises, SystemExit too
            raise_if_not_its_own(error)
            raise BrokenRuleError(f"{what} {reason(error, self.module)}") from error
        finally:
            self.changed.update(put_back(before))
            self.spoilt.update(name for one, other in zip(arguments, given, strict=True) for name in differences(one, other, ""))
            self.printed += said.getvalue()


def _kind(found: object) -> str:
    shape = getattr(found, "shape", None)
    return type(found).__name__ + (f" of shape {tuple(shape)}" if isinstance(shape, tuple) else "")
