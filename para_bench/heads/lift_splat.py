"""Lift, splat: features spread along their rays by a learned depth distribution, summed into a bird's-eye grid, heatmaps there.

Source: Philion & Fidler 2020 (arXiv 2008.05711), whose grid is the road and whose depth bins span 41 m; here the grid is the workspace.
As there, only the final loss trains the depths. Three 3x3 convolutions as PARA has, one in the image and two in the grid; the
gripper's embedding is added in both; height, yaw and opening are read at the cell.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from para_bench.heads.base import Head, HeadConfig, masked_mean
from para_bench.heads.parts.bins import cross_entropy
from para_bench.heads.parts.calibration import cell_rays
from para_bench.heads.parts.grid import peak_cell, sample, splat_cells
from para_bench.heads.parts.readout import BinReadout
from para_bench.heads.parts.trunk import SpatialTrunk
from para_bench.heads.parts.workspace import Workspace
from para_bench.tensors import Batch, Features, Look, decode_positions, observation_tensors
from para_bench.types import ActionChunk, FeatureSpec, Observation

DEPTHS_M = (0.35, 1.25, 61)
"""First and last depth bin and their number: 15 mm apart, about a cell of the grid."""
MARGIN_M = 0.02
"""Features a little under the table top or above the workspace still count."""


class LiftSplat(Head):
    """Depth-distribution lift into a bird's-eye grid, heatmaps there."""

    sees = "RGB + calibration"
    depths: Tensor

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        width = config.width
        self.workspace = Workspace.of(spec.actions)
        self.cells_xy = self.workspace.sizes[:2]
        self.register_buffer("depths", torch.linspace(*DEPTHS_M), persistent=False)
        self.trunk = SpatialTrunk(spec, width, spec.sizes[0], layers=1)
        self.depth, self.context = nn.Conv2d(width, len(self.depths), 1), nn.Conv2d(width, width, 1)
        self.norm = nn.GroupNorm(1, width)
        self.gripper = nn.Parameter(torch.randn(width) * 0.5)
        self.convolutions = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(2))
        self.heatmap = nn.Conv2d(width, spec.actions.horizon, 1)
        self.readout = BinReadout(width, spec.actions)

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        x = self.grid(features, batch)
        place = self.workspace.cells(batch.actions[..., :3])[..., :2]
        valid = batch.valid & self.workspace.inside(batch.actions[..., :3])
        labels = splat_cells(place, self.cells_xy)
        parts = {"cell": masked_mean(cross_entropy(self.heatmap(x).flatten(2), labels.flatten(2)), valid)}
        parts |= self.readout.losses(self._read(x, place, batch), batch.actions, valid)
        return torch.stack(list(parts.values())).sum(), {name: value.item() for name, value in parts.items()}

    @torch.no_grad()
    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        look, subcell = observation_tensors(observation, features.maps[0].device, self.spec.actions), self.config.decode == "subcell"
        x = self.grid(features, look)
        place = peak_cell(self.heatmap(x), 2, subcell)
        values = self.readout.decode(self._read(x, place, look), subcell)
        xy = self.workspace.points(F.pad(place, (0, 1)))[0, :, :2].double().cpu().numpy()
        return ActionChunk(np.column_stack([xy, values["z"], values["yaw"], values["opening"]]))

    def grid(self, features: Features, look: Look) -> Tensor:
        """Features of the workspace from above. Shape (B, width, *cells_xy): rows along x, columns along y."""
        x = self.norm(self._lift(self.trunk(features, look), look))
        gripper = splat_cells(self.workspace.cells(decode_positions(look.state, self.spec.actions))[:, :2], self.cells_xy)
        x = x + self.gripper[:, None, None] * gripper[:, None]
        for convolution in self.convolutions:
            x = F.gelu(convolution(x))
        return x

    def _lift(self, x: Tensor, look: Look) -> Tensor:
        """Image features (B, width, H, W) summed over all points of all rays into their cells (B, width, *cells_xy)."""
        points = look.world_from_camera[:, None, None, :3, 3] + cell_rays(look, x.shape[-1])[:, :, None] * self.depths[:, None]
        row, column, level = self.workspace.cells(points).round().unbind(-1)
        margin = round(MARGIN_M / self.workspace.cell_m)
        within = (row >= 0) & (row < self.cells_xy[0]) & (column >= 0) & (column < self.cells_xy[1])
        within &= (level >= -margin) & (level < self.workspace.sizes[2] + margin)
        share = self.depth(x).flatten(2).transpose(1, 2).softmax(-1) * within
        flat = torch.where(within, row * self.cells_xy[1] + column, 0).long()
        # How much of each pixel each cell gets, then one matrix product: far less memory than a feature for each point of each ray.
        spread = share.new_zeros(*share.shape[:2], self.cells_xy[0] * self.cells_xy[1]).scatter_add_(2, flat, share)
        return (self.context(x).flatten(2) @ spread).unflatten(2, self.cells_xy)

    def _read(self, x: Tensor, place: Tensor, look: Look) -> dict[str, Tensor]:
        """Bin logits at cells (B, T, 2)."""
        return self.readout(sample(x, ((place + 0.5) / place.new_tensor(self.cells_xy)).flip(-1).clamp(0, 1)), look.state)
