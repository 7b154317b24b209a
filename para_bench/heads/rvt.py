"""RVT: the point cloud is drawn again from above, front and side without perspective, a transformer reads all three views together, and
the heatmaps of the views are fused into one place.

Source: the idea of Goyal et al. 2023 (arXiv 2306.14896), without their code: virtual views of colour, depth and world position,
patches of all views in one transformer, a heatmap per view, the point whose projections score best; and, as in RVT-2 (arXiv 2406.08545),
three views and rotation read at the place. Shrunk to train here: views of 24 x 39, 39 x 12 and 24 x 12 cells of 13 mm instead of
224 x 224 px, patches of 3 cells, width 128 of 512, 2 layers of 8. Departures: a point's colour is the backbone's feature at its pixel;
each of the 12 timesteps has its own heatmaps instead of one key frame; labels and bins are those of the other heatmap heads.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from para_bench.heads.base import Head, HeadConfig, masked_mean
from para_bench.heads.parts.bins import cross_entropy
from para_bench.heads.parts.cloud import cloud
from para_bench.heads.parts.grid import peak_cell, sample, splat_cells
from para_bench.heads.parts.readout import BinReadout
from para_bench.heads.parts.trunk import PyramidFusion
from para_bench.heads.parts.virtual_views import VIEWS, draw
from para_bench.heads.parts.workspace import Workspace
from para_bench.tensors import DEPTH_SIZE, STATE_DIM, Batch, Features, Look, decode_positions, encode_positions, observation_tensors
from para_bench.types import ActionChunk, FeatureSpec, Observation

PATCH, LAYERS, ATTENTION_HEADS = 3, 2, 4


class RVT(Head):
    """Heatmaps in orthographic virtual views of the point cloud, fused."""

    sees = "RGB-D + calibration"

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        width = config.width
        self.workspace = Workspace.of(spec.actions)
        self.fuse = PyramidFusion(spec, width, spec.sizes[0])
        self.embed = nn.Conv2d(width + 4, width, 1)
        self.gripper = nn.Parameter(torch.randn(width) * 0.5)
        self.patch = nn.Conv2d(width, 2 * width, PATCH, stride=PATCH)
        grids = [(rows // PATCH, columns // PATCH) for rows, columns in (view.sizes(self.workspace) for view in VIEWS)]
        self.places = nn.ParameterList(nn.Parameter(torch.randn(2 * width, *grid) * 0.1) for grid in grids)
        self.state = nn.Linear(STATE_DIM, 2 * width)
        layer = nn.TransformerEncoderLayer(2 * width, ATTENTION_HEADS, 8 * width, 0.0, batch_first=True, norm_first=True)
        self.transformer = nn.TransformerEncoder(layer, LAYERS, nn.LayerNorm(2 * width), False)
        self.unpatch = nn.ConvTranspose2d(2 * width, width, PATCH, stride=PATCH)
        self.convolution = nn.Conv2d(width, width, 3, padding=1)
        self.heatmap = nn.Conv2d(width, spec.actions.horizon, 1)
        self.readout = BinReadout(len(VIEWS) * width, spec.actions, ("yaw", "opening"))

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        views = self.views(features, batch)
        place = self.workspace.cells(batch.actions[..., :3])
        valid = batch.valid & self.workspace.inside(batch.actions[..., :3])
        parts = {}
        for view, x in zip(VIEWS, views, strict=True):
            labels = splat_cells(place[..., view.plane], view.sizes(self.workspace))
            parts[view.name] = masked_mean(cross_entropy(self.heatmap(x).flatten(2), labels.flatten(2)), valid) / len(VIEWS)
        parts |= self.readout.losses(self._read(views, place, batch), batch.actions, valid)
        return torch.stack(list(parts.values())).sum(), {name: value.item() for name, value in parts.items()}

    @torch.no_grad()
    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        look, subcell = observation_tensors(observation, features.maps[0].device, self.spec.actions), self.config.decode == "subcell"
        views = self.views(features, look)
        place = peak_cell(fuse_scores([self.heatmap(x) for x in views]), 3, subcell)
        values = self.readout.decode(self._read(views, place, look), subcell)
        return ActionChunk(np.column_stack([self.workspace.points(place)[0].double().cpu().numpy(), values["yaw"], values["opening"]]))

    def views(self, features: Features, look: Look) -> list[Tensor]:
        """Features of each virtual view (B, width, rows, columns)."""
        points, known = cloud(look)
        fused, hand = self.fuse(features), self.workspace.cells(decode_positions(look.state, self.spec.actions))
        skips = []
        for view in VIEWS:
            gripper = self.gripper[:, None, None] * splat_cells(hand[:, view.plane], view.sizes(self.workspace))[:, None]
            shown = draw(view, self.workspace, points, known)
            point = shown.clamp(min=0)
            colour = sample(fused, (torch.stack([point % DEPTH_SIZE, point // DEPTH_SIZE], dim=-1) + 0.5) / DEPTH_SIZE)
            position = encode_positions(points, self.spec.actions).gather(1, point[..., None].expand(-1, -1, 3))
            seen = torch.cat([colour, position, torch.ones_like(position[..., :1])], dim=-1) * (shown >= 0)[..., None]
            skips.append(self.embed(seen.transpose(1, 2).unflatten(2, view.sizes(self.workspace))) + gripper)
        patches = [self.patch(x) + place for x, place in zip(skips, self.places, strict=True)]
        tokens = torch.cat([patch.flatten(2).transpose(1, 2) for patch in patches], dim=1) + self.state(look.state)[:, None]
        read = self.transformer(tokens).split([patch[0, 0].numel() for patch in patches], dim=1)
        found = [self.unpatch(x.transpose(1, 2).unflatten(2, patch.shape[2:])) for x, patch in zip(read, patches, strict=True)]
        return [F.gelu(self.convolution(F.gelu(x + skip))) for x, skip in zip(found, skips, strict=True)]

    def _read(self, views: list[Tensor], place: Tensor, look: Look) -> dict[str, Tensor]:
        """Bin logits at places in cells (B, T, 3)."""
        found = []
        for view, x in zip(VIEWS, views, strict=True):
            share = (place[..., view.plane] + 0.5) / place.new_tensor(view.sizes(self.workspace))
            found.append(sample(x, share.flip(-1).clamp(0, 1)))
        return self.readout(torch.cat(found, dim=-1), look.state)


def fuse_scores(logits: list[Tensor]) -> Tensor:
    """Scores of all cubes of the workspace (B, T, x, y, z) from each view's (B, T, rows, columns).

    Every axis is seen by two of the three views, so half the sum is the logarithm of a product of labels, and decodes to its place.
    """
    total = logits[0].new_zeros(())
    for view, scores in zip(VIEWS, logits, strict=True):
        total = total + scores.unsqueeze(2 + view.along)
    return total / 2
