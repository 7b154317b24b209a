"""The regression of PARA's claim on video features: maps averaged over the image, an MLP regresses the chunk in the world frame.

Source: the "global regression" row of the video pages of PARA (omidlab.net/vid_model): average pooling and an MLP. The state is an input
too, as for every head here.
"""

from __future__ import annotations

import torch
from torch import Tensor

from para_bench.heads.base import HeadConfig
from para_bench.heads.parts.regression import ChunkMLP, Regression
from para_bench.tensors import STATE_DIM, Features, Look
from para_bench.types import FeatureSpec


class AveragePool(Regression):
    """Average-pool regression."""

    sees = "RGB"

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        self.mlp = ChunkMLP(sum(spec.channels) + STATE_DIM, 8 * config.width, spec.actions.horizon)

    def regress(self, features: Features, look: Look) -> Tensor:
        means = [level.mean((2, 3)) for level in features.maps]
        return self.mlp(torch.cat([*means, look.state], dim=1))
