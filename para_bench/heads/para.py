"""PARA, factorised form: a heatmap over pixels, then height, yaw and opening read at the pixel, lifted with the calibration.

Source: the PARA project's pages (omidlab.net/para_website); 12 timesteps, 32 height bins over world z, 3 x (3x3 conv, GELU),
embedding at the gripper's pixel, cross-entropies summed. Departures: labels are spread over neighbouring cells and bins so that
`subcell` decoding loses nothing to the grid; the grid is the finest map's instead of 64 x 64; yaw has bins (the published
simulation runs used none).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from para_bench.geometry import lift
from para_bench.heads.base import Head, HeadConfig, masked_mean
from para_bench.heads.parts.bins import cross_entropy
from para_bench.heads.parts.grid import inside, peak, sample, splat
from para_bench.heads.parts.readout import BinReadout
from para_bench.heads.parts.trunk import SpatialTrunk
from para_bench.tensors import Batch, Features, observation_tensors
from para_bench.types import ActionChunk, Camera, FeatureSpec, Observation


class Para(Head):
    """Pixel-aligned robot actions."""

    sees = "RGB + calibration"
    reads: ClassVar[tuple[str, ...]] = ("z", "yaw", "opening")
    """Names of the numbers that are read at the pixel."""
    layers: ClassVar[int] = 1
    """Number of heatmaps of one timestep."""

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        self.trunk = SpatialTrunk(spec, config.width, spec.sizes[0], gripper="calibration" in self.sees)
        self.heatmap = nn.Conv2d(config.width, spec.actions.horizon * self.layers, 1)
        self.readout = BinReadout(config.width, spec.actions, self.reads)

    def place_losses(self, logits: Tensor, batch: Batch, valid: Tensor) -> dict[str, Tensor]:
        """Cross-entropies of heatmap logits (B, T * layers, G, G), by name."""
        labels = splat(batch.action_pixels, logits.shape[-1])
        return {"pixel": masked_mean(cross_entropy(logits.flatten(-2), labels.flatten(-2)), valid)}

    def find(self, logits: Tensor) -> tuple[Tensor, dict[str, np.ndarray], Tensor]:
        """Pixels (B, T, 2), values (T,) found with those of the first row, by name, and the heatmaps over pixels (B, T, G, G)."""
        return peak(logits, self.config.decode == "subcell"), {}, logits.flatten(-2).softmax(-1).unflatten(-1, logits.shape[-2:])

    def points(self, places: Tensor, heights: np.ndarray, camera: Camera) -> np.ndarray:
        """World points (T, 3) [m] of places in the image (T, 2), shares of its sides, and heights (T,) [m]."""
        return lift(places.double().cpu().numpy() * [camera.width, camera.height], heights, camera)

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        x = self.trunk(features, batch)
        valid = batch.valid & inside(batch.action_pixels)
        at = self.readout(sample(x, batch.action_pixels.clamp(0, 1)), batch.state)  # at the true pixels
        parts = self.place_losses(self.heatmap(x), batch, valid) | self.readout.losses(at, batch.actions, valid)
        return torch.stack(list(parts.values())).sum(), {name: value.item() for name, value in parts.items()}

    @torch.no_grad()
    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        look = observation_tensors(observation, features.maps[0].device, self.spec.actions)
        x = self.trunk(features, look)
        places, found, heatmaps = self.find(self.heatmap(x))
        at = self.readout(sample(x, places.clamp(0, 1)), look.state)  # at the predicted pixels
        values = found | self.readout.decode(at, self.config.decode == "subcell")
        points = self.points(places[0], values["z"], observation.camera)
        actions = np.concatenate([points, values["yaw"][:, None], values["opening"][:, None]], axis=1)
        return ActionChunk(actions, heatmaps[0].float().cpu().numpy())
