"""A head under test on one case, and the words for what it does wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from para_bench.conformance.cases import Case
from para_bench.heads import HeadMaker
from para_bench.heads.base import Head, HeadConfig
from para_bench.plugins import reason
from para_bench.tensors import Batch, Features
from para_bench.types import ActionChunk, Observation

SMALL = HeadConfig(width=16)


class BrokenRuleError(Exception):
    """What a head does that a rule forbids, and what is allowed; one line."""


class Subject:
    """What makes a head, and windows to run it on. Every call of it that raises, or returns something else, breaks the rule at hand."""

    def __init__(self, make: HeadMaker, case: Case) -> None:
        self.case, self.make = case, make
        self.module = getattr(make, "__module__", "")

    def fresh(self, config: HeadConfig = SMALL, seed: int = 0) -> Head:
        """The same weights for the same seed."""
        torch.manual_seed(seed)
        return self._told("it cannot be made from a FeatureSpec and a HeadConfig:", self.make, self.case.spec, config)

    @cached_property
    def head(self) -> Head:
        """One for rules that change nothing in it, in eval mode."""
        return self.fresh().eval()

    def full_loss(self, head: Head, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        torch.manual_seed(1)  # a head may draw noise: the same in every call
        found: Any = self._told("loss raised", head.loss, features, batch)
        if not (isinstance(found, tuple) and len(found) == 2 and isinstance(found[0], Tensor) and isinstance(found[1], dict)):
            raise BrokenRuleError(f"loss returned {_kind(found)}; allowed: (scalar tensor, dict of floats)")
        return found

    def loss(self, head: Head, batch: Batch, features: Features | None = None) -> Tensor:
        return self.full_loss(head, features or self.case.features, batch)[0]

    def gradients(self, head: Head, batch: Batch) -> dict[str, Tensor | None]:
        """Of the loss, by parameter."""
        head.zero_grad()
        loss = self.loss(head, batch)
        self._told("the loss has no gradient:", loss.backward)
        return {name: None if value.grad is None else value.grad.clone() for name, value in head.named_parameters()}

    def chunk(self, head: Head, features: Features, observation: Observation, seed: int = 0) -> ActionChunk:
        with torch.no_grad():  # as the harness calls it
            found: Any = self._told("predict raised", head.predict, features, observation, torch.Generator().manual_seed(seed))
        if not isinstance(found, ActionChunk):
            raise BrokenRuleError(f"predict returned {_kind(found)}; allowed: an ActionChunk")
        if not isinstance(found.actions, np.ndarray):
            raise BrokenRuleError(f"predict returned actions in a {_kind(found.actions)}; allowed: a numpy array")
        return found

    def predict(self, head: Head, observation: Observation | None = None, window: int = 0, seed: int = 0) -> np.ndarray:
        """Waypoints (T, 5) for the first observation, or another, with the features of one window."""
        return self.chunk(head, self.case.one(window), observation or self.case.observations[0], seed).actions

    def _told(self, what: str, call: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return call(*arguments)
        except Exception as error:  # whatever the head raises
            raise BrokenRuleError(f"{what} {reason(error, self.module)}") from error


def _kind(found: object) -> str:
    shape = getattr(found, "shape", None)
    return type(found).__name__ + (f" of shape {tuple(shape)}" if shape is not None else "")
