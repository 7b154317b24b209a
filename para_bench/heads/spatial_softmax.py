"""Keypoint regression: heatmaps become expected places in the image (soft-argmax), and an MLP regresses the chunk from these.

Source: spatial softmax of Levine et al. 2016 (arXiv 1504.00702) with 32 keypoints at temperature 1, the usual pooling of robomimic and of
Diffusion Policy. The heatmaps come from the trunk that the heatmap heads have, without the gripper's pixel, which needs a calibration.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from para_bench.heads.base import HeadConfig
from para_bench.heads.grid import expectation
from para_bench.heads.regression import ChunkMLP, Regression
from para_bench.heads.trunk import SpatialTrunk
from para_bench.tensors import STATE_DIM, Features, Look
from para_bench.types import FeatureSpec

KEYPOINTS = 32


class SpatialSoftmax(Regression):
    """Soft-argmax keypoints, an MLP regresses the chunk from them."""

    sees = "RGB"

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        self.trunk = SpatialTrunk(spec, config.width, spec.sizes[0], gripper=False)
        self.heatmaps = nn.Conv2d(config.width, KEYPOINTS, 1)
        self.mlp = ChunkMLP(2 * KEYPOINTS + STATE_DIM, 8 * config.width)

    def regress(self, features: Features, look: Look) -> Tensor:
        keypoints = expectation(self.heatmaps(self.trunk(features, look)))
        return self.mlp(torch.cat([2 * keypoints.flatten(1) - 1, look.state], dim=1))
