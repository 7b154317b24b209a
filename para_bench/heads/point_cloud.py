"""3D Diffusion Policy: a PointNet token of the point cloud conditions a diffusion over the chunk.

Source: Ze et al. 2024 (DP3, arXiv 2403.03954): no colour, points cropped to the workspace without the table, 512 points through an MLP of
64-128-256 with layer norm, max-pooled to 64; the state through an MLP of 64; sample prediction. Points are scaled by the
workspace. Departures: evenly thinned instead of farthest-point sampled, which takes 512 sequential steps; the U-Net is that of `diffusion`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from para_bench.heads.diffusion import Diffusion
from para_bench.heads.parts.cloud import cloud, thin
from para_bench.heads.parts.workspace import Workspace
from para_bench.tensors import STATE_DIM, Features, Look, encode_positions
from para_bench.types import ActionSpec, FeatureSpec

POINTS = 512
TABLE_M = 0.002
"""Points below this are table; the plate's top is twice as high."""


class PointCloud(Diffusion):
    """Denoising diffusion over the chunk, conditioned on a PointNet token."""

    sees = "depth + calibration"
    target = "sample"

    def make_pool(self, spec: FeatureSpec) -> tuple[nn.Module, int]:
        width = 2 * self.config.width
        return PointNet(width, spec.actions), width


class PointNet(nn.Module):
    """Cloud and state to one token, half of its width each."""

    def __init__(self, width: int, actions: ActionSpec) -> None:
        super().__init__()
        self.actions, self.workspace = actions, Workspace.of(actions)
        layers = []
        for inputs, outputs in ((3, 64), (64, 128), (128, 256)):
            layers += [nn.Linear(inputs, outputs), nn.LayerNorm(outputs), nn.ReLU()]
        self.points = nn.Sequential(*layers)
        self.pooled = nn.Sequential(nn.Linear(256, width // 2), nn.LayerNorm(width // 2))
        self.state = nn.Sequential(nn.Linear(STATE_DIM, 64), nn.ReLU(), nn.Linear(64, width // 2))

    def forward(self, features: Features, look: Look) -> Tensor:
        """Shape (B, width)."""
        points, known = cloud(look)
        points, some = thin(points, known & self.workspace.inside(points) & (points[..., 2] > TABLE_M), POINTS)
        pooled = self.points(encode_positions(points, self.actions)).amax(1) * some[:, None]
        return torch.cat([self.pooled(pooled), self.state(look.state)], dim=1)
