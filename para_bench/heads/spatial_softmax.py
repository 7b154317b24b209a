"""Keypoint regression: an MLP regresses the chunk from soft-argmax keypoints.

Source: `heads.parts.keypoints`, the usual pooling before an MLP in robomimic.
"""

from __future__ import annotations

from torch import Tensor

from para_bench.heads.base import HeadConfig
from para_bench.heads.parts.keypoints import POOLED_DIM, Keypoints
from para_bench.heads.parts.regression import ChunkMLP, Regression
from para_bench.tensors import Features, Look
from para_bench.types import FeatureSpec


class SpatialSoftmax(Regression):
    """Soft-argmax keypoints, an MLP regresses the chunk from them."""

    sees = "RGB"

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        self.pool = Keypoints(spec, config.width)
        self.mlp = ChunkMLP(POOLED_DIM, 8 * config.width, spec.actions.horizon)

    def regress(self, features: Features, look: Look) -> Tensor:
        return self.mlp(self.pool(features, look))
