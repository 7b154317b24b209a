"""What all heads that regress coordinates share: one weighted L1 loss on the encoded chunk, and its decoding."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from para_bench.heads.base import Head, HeadConfig, masked_mean
from para_bench.tensors import ENCODED_DIM, Batch, Features, Look, decode_actions, observation_tensors
from para_bench.types import ACTIONS, ActionChunk, FeatureSpec, Observation

POSITION_WEIGHT = 5.0
"""Weight of errors in x, y and z; yaw and opening have 1; 1 cm then counts as 0.31, 0.19 and 0.63 in the sine of twice the yaw."""


class Regression(Head):
    """Base of the regression heads."""

    weight: Tensor

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        self.register_buffer("weight", torch.tensor([POSITION_WEIGHT] * 3 + [1.0] * (ENCODED_DIM - 3)), persistent=False)

    def regress(self, features: Features, look: Look) -> Tensor:
        """Encoded actions in world (B, T, ENCODED_DIM)."""
        raise NotImplementedError

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        error = self.l1(self.regress(features, batch), batch)
        return error, {"l1": error.item()}

    def l1(self, predicted: Tensor, batch: Batch) -> Tensor:
        """Weighted error of encoded actions (B, T, ENCODED_DIM), a scalar."""
        return masked_mean((predicted - batch.encoded).abs() * self.weight, batch.valid)

    @torch.no_grad()
    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        look = observation_tensors(observation, features.maps[0].device, self.spec.actions)
        return ActionChunk(decode_actions(self.regress(features, look)[0].cpu().numpy(), self.spec.actions))


class ChunkMLP(nn.Sequential):
    """From one vector (B, inputs) to encoded actions (B, T, ENCODED_DIM)."""

    def __init__(self, inputs: int, hidden: int, horizon: int = ACTIONS.horizon) -> None:
        outputs = horizon * ENCODED_DIM
        super().__init__(
            nn.LayerNorm(inputs),
            nn.Linear(inputs, hidden),
            nn.GELU(),
            nn.Linear(hidden, outputs),
            nn.Unflatten(1, (horizon, ENCODED_DIM)),
        )
