"""PARA, factorised form: a heatmap over pixels, then height, yaw and opening read at the pixel, lifted with the calibration.

Source: the PARA project's pages (omidlab.net/para_website); 12 timesteps, 32 height bins over world z, 3 x (3x3 conv, GELU),
embedding at the gripper's pixel, cross-entropies summed. Departures: labels are spread over neighbouring cells and bins so that
`subcell` decoding loses nothing to the grid; the grid is the finest map's instead of 64 x 64; yaw has bins (the published
simulation runs used none).
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from para_bench.geometry import lift
from para_bench.heads.base import Head, HeadConfig, masked_mean
from para_bench.heads.bins import Bins, cross_entropy
from para_bench.heads.grid import inside, peak, sample, splat
from para_bench.heads.trunk import SpatialTrunk
from para_bench.tensors import STATE_DIM, Batch, Features, observation_tensors
from para_bench.types import ACTION_HORIZON, WORKSPACE_HIGH, WORKSPACE_LOW, ActionChunk, FeatureSpec, Observation

HEIGHT_BINS, YAW_BINS, OPENING_BINS = 32, 36, 11


class Para(Head):
    """Pixel-aligned robot actions."""

    sees = "RGB + calibration"

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        self.bins = {
            "height": Bins(HEIGHT_BINS, WORKSPACE_LOW[2], WORKSPACE_HIGH[2]),
            "yaw": Bins(YAW_BINS, -np.pi / 2, np.pi / 2, circular=True),
            "opening": Bins(OPENING_BINS, 0.0, 1.0),
        }
        width = config.width
        self.trunk = SpatialTrunk(spec, width, spec.sizes[0])
        self.heatmap = nn.Conv2d(width, ACTION_HORIZON, 1)
        self.at_pixel = TimestepReadout(width, sum(b.count for b in self.bins.values()))

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        x = self.trunk(features, batch.state, batch.gripper_pixel)
        logits = self.heatmap(x)
        valid = batch.valid & inside(batch.action_pixels)
        labels = splat(batch.action_pixels, logits.shape[-1])
        parts = {"pixel": masked_mean(cross_entropy(logits.flatten(-2), labels.flatten(-2)), valid)}
        predicted = self._read(x, batch.action_pixels, batch.state)
        for name, index in (("height", 2), ("yaw", 3), ("opening", 4)):
            labels = self.bins[name].encode(batch.actions[..., index])
            parts[name] = masked_mean(cross_entropy(predicted[name], labels), valid)
        return torch.stack(list(parts.values())).sum(), {name: value.item() for name, value in parts.items()}

    @torch.no_grad()
    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        look = observation_tensors(observation, features.maps[0].device)
        subcell = self.config.decode == "subcell"
        x = self.trunk(features, look.state, look.gripper_pixel)
        logits = self.heatmap(x)
        places = peak(logits, subcell)
        read = {
            name: self.bins[name].decode(value, subcell)[0].double().cpu().numpy()
            for name, value in self._read(x, places, look.state).items()
        }
        camera = observation.camera
        pixels = places[0].double().cpu().numpy() * [camera.width, camera.height]
        points = lift(pixels, read["height"], camera)
        heatmaps = logits[0].flatten(1).softmax(-1).unflatten(1, logits.shape[-2:]).float().cpu().numpy()
        return ActionChunk(np.concatenate([points, read["yaw"][:, None], read["opening"][:, None]], axis=1), heatmaps)

    def _read(self, x: Tensor, places: Tensor, state: Tensor) -> dict[str, Tensor]:
        """Bin logits at places (B, T, 2): the true pixels in training, the predicted ones at test."""
        at = self.at_pixel(sample(x, places.clamp(0, 1)), state)
        return dict(zip(self.bins, at.split([b.count for b in self.bins.values()], dim=-1), strict=True))


class TimestepReadout(nn.Module):
    """An MLP on the feature at a pixel, whose last layer is each timestep's own (as one map of bins per timestep would be)."""

    def __init__(self, width: int, outputs: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.feature, self.state = nn.Linear(width, 2 * width), nn.Linear(STATE_DIM, 2 * width)
        self.weight = nn.Parameter(torch.randn(ACTION_HORIZON, 2 * width, outputs) * (2 * width) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(ACTION_HORIZON, outputs))

    def forward(self, features: Tensor, state: Tensor) -> Tensor:
        """Features (B, T, width), state (B, STATE_DIM) -> (B, T, outputs)."""
        hidden = F.gelu(self.feature(self.norm(features)) + self.state(state)[:, None])
        return torch.einsum("bth,tho->bto", hidden, self.weight) + self.bias
