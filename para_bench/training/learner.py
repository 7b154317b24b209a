"""What the training loop trains: a head on cached features, or a head and its backbone together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from para_bench.backbones.base import Backbone
from para_bench.heads.base import Head
from para_bench.plugins import Fence
from para_bench.tensors import Batch, Features
from para_bench.types import ACTIONS, Observation, ParaBenchError


class Learner(nn.Module):
    """Inputs of a training window -> features -> loss."""

    def __init__(self, head: Head, backbone: Backbone | None = None, has_summary: bool = False) -> None:
        """With a `backbone`, inputs are images; without one, the features of a frozen backbone."""
        super().__init__()
        self.head, self.backbone, self._has_summary = head, backbone, has_summary
        self.fence = Fence(f"head {type(head).__name__}", type(head).__module__)

    @property
    def device(self) -> torch.device:
        return next(self.head.parameters()).device

    def features(self, inputs: Sequence[Tensor]) -> Features:
        """Features of inputs as `Windows.take` gives them."""
        inputs = [level.to(self.device) for level in inputs]
        if self.backbone is not None:
            return self.backbone(inputs[0].permute(0, 3, 1, 2).float() / 255)
        levels = [level.float() for level in inputs]
        return Features(tuple(levels[:-1]), levels[-1]) if self._has_summary else Features(tuple(levels))

    def loss(self, inputs: Sequence[Tensor], batch: Batch) -> tuple[Tensor, dict[str, float]]:
        """Scalar to minimise, and its parts by name.

        Raises:
            ParaBenchError: a plug-in's loss failed, or returned something else.
        """
        features, labels = self.features(inputs), batch.to(self.device)
        found = self.fence("loss", self.head.loss, features, labels)
        if not (isinstance(found, tuple) and len(found) == 2 and isinstance(found[0], Tensor) and found[0].shape == ()):
            raise ParaBenchError(f"{self.fence.who}: loss returned a {type(found).__name__}; allowed: (scalar tensor, dict of floats)")
        return found

    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> np.ndarray:
        """Waypoints (T, 5) of the head for one observation.

        Raises:
            ParaBenchError: a plug-in's predict failed, or returned something else.
        """
        chunk = self.fence("predict", self.head.predict, features, observation, generator)
        found = getattr(chunk, "actions", None)
        if not isinstance(found, np.ndarray) or found.shape != (ACTIONS.horizon, ACTIONS.dim):
            what = f"actions of shape {found.shape}" if isinstance(found, np.ndarray) else f"a {type(chunk).__name__}"
            raise ParaBenchError(f"{self.fence.who}: predict returned {what}; allowed: {ACTIONS.horizon} x {ACTIONS.dim} waypoints")
        return found

    def backward(self, loss: Tensor) -> None:
        """Gradients of a loss that `loss` returned."""
        self.fence("the gradient of loss", loss.backward)

    def parameter_groups(self, learning_rate: float, backbone_share: float, freeze_stages: int = 0) -> list[dict[str, Any]]:
        """Optimiser groups; the backbone's rate is `backbone_share` of the head's, its first `freeze_stages` stages are not trained."""
        groups: list[dict[str, Any]] = [{"params": list(self.head.parameters()), "peak": learning_rate}]
        if self.backbone is not None:
            rows = self.backbone.parameter_groups(learning_rate * backbone_share, freeze_stages)
            groups += [{"params": row["params"], "peak": row["lr"]} for row in rows]
        return groups
