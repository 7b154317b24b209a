"""From a backbone's pyramid to one map per image at the head's own width and grid."""

from __future__ import annotations

from functools import reduce

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from para_bench.heads.parts.calibration import RayEncoding
from para_bench.heads.parts.grid import splat
from para_bench.tensors import STATE_DIM, Features, Look
from para_bench.types import FeatureSpec


class PyramidFusion(nn.Module):
    """1x1 convolution of every level to `width`, resized to the grid and summed."""

    def __init__(self, spec: FeatureSpec, width: int, grid: int) -> None:
        super().__init__()
        self.grid = grid
        self.project = nn.ModuleList(nn.Conv2d(channels, width, 1) for channels in spec.channels)
        self.norms = nn.ModuleList(nn.GroupNorm(1, channels) for channels in spec.channels)

    def forward(self, features: Features) -> Tensor:
        """Shape (B, width, grid, grid)."""
        maps = [  # channels last: faster on a CPU, in the convolutions that follow too
            F.interpolate(
                project(norm(level).contiguous(memory_format=torch.channels_last)), size=self.grid, mode="bilinear", align_corners=False
            )
            for level, norm, project in zip(features.maps, self.norms, self.project, strict=True)
        ]
        return reduce(torch.add, maps)  # a stack of them would not be channels last


class SpatialTrunk(nn.Module):
    """PARA's trunk: fused features, a learned embedding at the pixel where the gripper is, the state everywhere, 3 x (3x3 conv, GELU)."""

    def __init__(self, spec: FeatureSpec, width: int, grid: int, layers: int = 3, gripper: bool = True, rays: bool = False) -> None:
        """Without `gripper` and `rays` the trunk does not use the calibration."""
        super().__init__()
        self.fuse = PyramidFusion(spec, width, grid)
        self.gripper = nn.Parameter(torch.randn(width) * 0.5) if gripper else None
        self.rays = RayEncoding(width) if rays else None
        self.state = nn.Linear(STATE_DIM, width)
        self.convolutions = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(layers))

    def forward(self, features: Features, look: Look) -> Tensor:
        """Shape (B, width, grid, grid)."""
        x = self.fuse(features)
        if self.gripper is not None:
            x = x + self.gripper[:, None, None] * splat(look.gripper_pixel, self.fuse.grid)[:, None]
        if self.rays is not None:
            x = x + self.rays(look, self.fuse.grid).transpose(1, 2).unflatten(2, x.shape[2:])
        x = x + self.state(look.state)[:, :, None, None]
        for convolution in self.convolutions:
            x = F.gelu(convolution(x))
        return x
