"""What the training loop trains: a head on cached features, or a head and its backbone together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from para_bench.backbones.base import Backbone
from para_bench.heads.base import Head
from para_bench.tensors import Batch, Features


class Learner(nn.Module):
    """Inputs of a training window -> features -> loss."""

    def __init__(self, head: Head, backbone: Backbone | None = None, has_summary: bool = False) -> None:
        """With a `backbone`, inputs are images; without one, the features of a frozen backbone."""
        super().__init__()
        self.head, self.backbone, self._has_summary = head, backbone, has_summary

    @property
    def device(self) -> torch.device:
        return next(self.head.parameters()).device

    def features(self, inputs: Sequence[Tensor]) -> Features:
        """Inputs as `Windows.take` gives them."""
        inputs = [level.to(self.device) for level in inputs]
        if self.backbone is not None:
            return self.backbone(inputs[0].permute(0, 3, 1, 2).float() / 255)
        levels = [level.float() for level in inputs]
        return Features(tuple(levels[:-1]), levels[-1]) if self._has_summary else Features(tuple(levels))

    def loss(self, inputs: Sequence[Tensor], batch: Batch) -> tuple[Tensor, dict[str, float]]:
        return self.head.loss(self.features(inputs), batch.to(self.device))

    def backward(self, loss: Tensor) -> None:
        """Gradients of a loss that `loss` returned."""
        loss.backward()

    def parameter_groups(self, learning_rate: float, backbone_share: float, freeze_stages: int = 0) -> list[dict[str, Any]]:
        """Optimiser groups; the backbone's rate is `backbone_share` of the head's, its first `freeze_stages` get none."""
        groups: list[dict[str, Any]] = [{"params": list(self.head.parameters()), "peak": learning_rate}]
        if self.backbone is not None:
            rows = self.backbone.parameter_groups(learning_rate * backbone_share, freeze_stages)
            groups += [{"params": row["params"], "peak": row["lr"]} for row in rows]
        return groups
