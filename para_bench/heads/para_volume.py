"""PARA, joint form: one softmax over pixels and heights, then yaw and opening read at the pixel.

Source: the newer of the two descriptions on the PARA project's pages (omidlab.net/para_website), 64 x 64 x 32 cells a timestep.
Departures as in para.py: labels spread over neighbouring cells, the finest map's grid, yaw bins.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from para_bench.heads.base import masked_mean
from para_bench.heads.para import Para
from para_bench.heads.parts.grid import peak_cell, splat
from para_bench.heads.parts.readout import HEIGHTS
from para_bench.tensors import Batch


class ParaVolume(Para):
    """Pixel-aligned robot actions, pixel and height in one softmax."""

    reads = ("yaw", "opening")
    layers = HEIGHTS

    def place_losses(self, logits: Tensor, batch: Batch, valid: Tensor) -> dict[str, Tensor]:
        volume = logits.unflatten(1, (self.spec.actions.horizon, -1))
        pixel, height = splat(batch.action_pixels, logits.shape[-1]), self.readout.bins["z"].encode(batch.actions[..., 2])
        expected = torch.einsum("btkvu,btk,btvu->bt", volume, height, pixel)  # labels sum to 1: their full product is never stored
        return {"voxel": masked_mean(volume.flatten(2).logsumexp(-1) - expected, valid)}

    def find(self, logits: Tensor) -> tuple[Tensor, dict[str, np.ndarray], Tensor]:
        volume = logits.unflatten(1, (self.spec.actions.horizon, -1))
        cell = peak_cell(volume, 3, self.config.decode == "subcell")
        height = self.readout.bins["z"].low + cell[0, :, 0].double().cpu().numpy() * self.readout.bins["z"].width
        over_pixels = volume.flatten(2).softmax(-1).reshape(volume.shape).sum(2)
        return (cell[..., 1:].flip(-1) + 0.5) / logits.shape[-1], {"z": height}, over_pixels
