"""The standard recipe: features pooled into one token, an MLP regresses the chunk in the world frame.

Source: the "ACT" baseline of the PARA pages, which is class-token regression (omidlab.net/para_website). Unlike there, the output
covers the whole workspace, with no sigmoid over the training set's range that would rule out extrapolation.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from para_bench.heads.base import Head, HeadConfig, masked_mean
from para_bench.heads.pooling import PooledToken
from para_bench.tensors import ENCODED_DIM, Batch, Features, decode_actions, observation_tensors
from para_bench.types import ACTION_HORIZON, ActionChunk, FeatureSpec, Observation

POSITION_WEIGHT = 5.0
"""Of an error in x, y, z against one in yaw or opening: 1 cm then weighs about as much as 0.15 in the sine of the yaw."""


class GlobalToken(Head):
    """Pooled-token regression."""

    sees = "RGB"
    weight: Tensor

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        width = 2 * config.width
        self.register_buffer("weight", torch.tensor([POSITION_WEIGHT] * 3 + [1.0] * (ENCODED_DIM - 3)), persistent=False)
        self.pool = PooledToken(spec, width)
        self.mlp = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, ACTION_HORIZON * ENCODED_DIM)
        )

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        error = masked_mean((self._regress(features, batch.state) - batch.encoded).abs() * self.weight, batch.valid)
        return error, {"l1": error.item()}

    @torch.no_grad()
    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        state, _ = observation_tensors(observation, features.maps[0].device)
        return ActionChunk(decode_actions(self._regress(features, state)[0].cpu().numpy()))

    def _regress(self, features: Features, state: Tensor) -> Tensor:
        """Encoded actions (B, T, ENCODED_DIM)."""
        return self.mlp(self.pool(features, state)).unflatten(1, (ACTION_HORIZON, ENCODED_DIM))
