"""Pixels regressed from one vector: as `pixel_regression`, but the map is pooled into one token and all is read from that.

This head tests what reading at the pixel contributes. The trunk (with the gripper's pixel), the L1 on places, the height, yaw and
opening bins and the lift are `pixel_regression`'s. Its two uses of the map are replaced: a place comes from an MLP on the vector
instead of a heatmap, and the bins are read from the vector instead of the feature at the place. Vector and MLP are `global_token`'s:
one learned query, 2 x width wide, attends twice to all cells, each with a learned embedding of its place; 8 x width hidden units.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from para_bench.geometry import lift
from para_bench.heads.base import Head, HeadConfig
from para_bench.heads.parts.coordinates import place_l1
from para_bench.heads.parts.grid import inside
from para_bench.heads.parts.pooling import PooledToken
from para_bench.heads.parts.readout import BinReadout
from para_bench.heads.parts.trunk import SpatialTrunk
from para_bench.tensors import Batch, Features, Look, observation_tensors
from para_bench.types import ActionChunk, FeatureSpec, Observation


class TokenPixels(Head):
    """Places in the image regressed from one vector, lifted."""

    sees = "RGB + calibration"

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        width, horizon = config.width, spec.actions.horizon
        self.trunk = SpatialTrunk(spec, width, spec.sizes[0])
        self.pool = PooledToken(replace(spec, channels=(width,), sizes=spec.sizes[:1]), 2 * width)
        self.mlp = nn.Sequential(
            nn.LayerNorm(2 * width),
            nn.Linear(2 * width, 8 * width),
            nn.GELU(),
            nn.Linear(8 * width, 2 * horizon),
            nn.Unflatten(1, (horizon, 2)),
        )
        self.narrow = nn.Linear(2 * width, width)
        self.readout = BinReadout(width, spec.actions)

    def read(self, features: Features, look: Look) -> tuple[Tensor, dict[str, Tensor]]:
        """Places (B, T, 2) as shares of the image, and the logits of the bins (B, T, count) by name."""
        token = self.pool(Features((self.trunk(features, look),)), look)
        places = (self.mlp(token) + 1) / 2
        at = self.narrow(token)[:, None].expand(-1, self.spec.actions.horizon, -1)  # the same vector for every timestep
        return places, self.readout(at, look.state)

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        places, logits = self.read(features, batch)
        valid = batch.valid & inside(batch.action_pixels)
        parts = {"pixel": place_l1(places, batch.action_pixels, valid)} | self.readout.losses(logits, batch.actions, valid)
        return torch.stack(list(parts.values())).sum(), {name: value.item() for name, value in parts.items()}

    @torch.no_grad()
    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        look, camera = observation_tensors(observation, features.maps[0].device, self.spec.actions), observation.camera
        places, logits = self.read(features, look)
        places = places[0].clamp(0, 1)  # in the picture, as the mean of a heatmap is
        values = self.readout.decode(logits, self.config.decode == "subcell")
        points = lift(places.double().cpu().numpy() * [camera.width, camera.height], values["z"], camera)
        return ActionChunk(np.column_stack([points, values["yaw"], values["opening"]]))
