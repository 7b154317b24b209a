"""The standard recipe: features pooled into one token, an MLP regresses the chunk in the world frame.

Source: the "ACT" baseline of the PARA pages, which is class-token regression (omidlab.net/para_website). Unlike there, the output
covers the whole workspace, with no sigmoid over the training set's range that would rule out extrapolation.
"""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor

from para_bench.heads.base import HeadConfig
from para_bench.heads.parts.pooling import PooledToken
from para_bench.heads.parts.regression import ChunkMLP, Regression
from para_bench.tensors import Features, Look
from para_bench.types import FeatureSpec


class GlobalToken(Regression):
    """Pooled-token regression."""

    sees = "RGB"
    rays: ClassVar[bool] = False
    """Whether Pluecker rays are added to the tokens."""

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        width = 2 * config.width
        self.pool = PooledToken(spec, width, rays=self.rays)
        self.mlp = ChunkMLP(width, 4 * width, spec.actions.horizon)

    def regress(self, features: Features, look: Look) -> Tensor:
        return self.mlp(self.pool(features, look))
