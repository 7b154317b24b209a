"""The usual pooling of robomimic and Diffusion Policy: heatmaps become expected places in the image (soft-argmax), kept as coordinates.

Source: spatial softmax of Levine et al. 2016 (arXiv 1504.00702) with 32 keypoints at temperature 1. The heatmaps come from the trunk that
the heatmap heads have, without the gripper's pixel, which needs a calibration.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from para_bench.heads.parts.grid import expectation
from para_bench.heads.parts.trunk import SpatialTrunk
from para_bench.tensors import STATE_DIM, Features, Look
from para_bench.types import FeatureSpec

KEYPOINTS = 32
POOLED_DIM = 2 * KEYPOINTS + STATE_DIM


class Keypoints(nn.Module):
    """Coordinates of soft-argmax keypoints in [-1, 1], and the state."""

    def __init__(self, spec: FeatureSpec, width: int, rays: bool = False) -> None:
        """With `rays`, Pluecker rays are added to the features."""
        super().__init__()
        self.trunk = SpatialTrunk(spec, width, spec.sizes[0], gripper=False, rays=rays)
        self.heatmaps = nn.Conv2d(width, KEYPOINTS, 1)

    def forward(self, features: Features, look: Look) -> Tensor:
        """Shape (B, POOLED_DIM)."""
        places = expectation(self.heatmaps(self.trunk(features, look)))
        return torch.cat([2 * places.flatten(1) - 1, look.state], dim=1)
