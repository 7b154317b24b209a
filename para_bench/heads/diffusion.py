"""Diffusion Policy: a 1-D U-Net removes noise from the chunk, modulated (FiLM) by the pooled token.

Source: Chi et al. 2023 (arXiv 2303.04137): squared-cosine schedule, 100 training steps, epsilon prediction, clipped samples,
averaged weights; DDIM with 10 steps at test (Song et al. 2021, arXiv 2010.02502). Widths are shrunk from [512, 1024, 2048].
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from para_bench.heads.base import Head, HeadConfig, masked_mean
from para_bench.heads.pooling import PooledToken
from para_bench.heads.unet1d import UNet1d
from para_bench.tensors import ENCODED_DIM, Batch, Features, decode_actions, encode_positions, observation_tensors
from para_bench.types import ACTION_HORIZON, ActionChunk, FeatureSpec, Observation

TRAIN_STEPS, TEST_STEPS = 100, 10
DRAWS = 4
"""Noise levels per sample and step: the U-Net is cheap beside the pooling, so each pooled token is used for several."""
LOW, HIGH = (0.15, -0.15, 0.0), (0.28, 0.15, 0.10)
"""World positions [m] that become -1 and 1, as the source scales each number to [-1, 1]: where objects and plates may stand in this
benchmark, up to the height of travel. The same for every training set; samples may leave it up to the workspace's bounds."""


class Diffusion(Head):
    """Denoising diffusion over the chunk, conditioned on the pooled token."""

    sees = "RGB"
    rays: ClassVar[bool] = False
    """Whether the tokens are told their Pluecker rays."""
    target: ClassVar[Literal["noise", "sample"]] = "noise"
    """What the U-Net predicts."""
    kept: Tensor
    centre: Tensor
    spread: Tensor

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        width = 2 * config.width
        self.pool = self.make_pool(spec, width)
        self.denoise = UNet1d(ENCODED_DIM, condition=width)
        low, high = encode_positions(torch.tensor([LOW, HIGH]))
        ones = torch.ones(ENCODED_DIM - 3)
        self.register_buffer("centre", torch.cat([(low + high) / 2, 0 * ones]), persistent=False)
        self.register_buffer("spread", torch.cat([(high - low) / 2, ones]), persistent=False)
        self.register_buffer("kept", torch.from_numpy(squared_cosine(TRAIN_STEPS)).float(), persistent=False)

    def make_pool(self, spec: FeatureSpec, width: int) -> nn.Module:
        """From features and look to what the U-Net is told (B, width)."""
        return PooledToken(spec, width, rays=self.rays)

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        token = self.pool(features, batch).repeat(DRAWS, 1)
        clean, valid = ((batch.encoded - self.centre) / self.spread).repeat(DRAWS, 1, 1), batch.valid.repeat(DRAWS, 1)
        clean = clean * valid[..., None]  # what lies past the end must not reach its neighbours through the convolutions
        step = torch.randint(TRAIN_STEPS, (len(clean),), device=clean.device)
        noise = torch.randn_like(clean)
        kept = self.kept[step][:, None, None]
        predicted = self.denoise(kept.sqrt() * clean + (1 - kept).sqrt() * noise, step, token)
        error = masked_mean(F.mse_loss(predicted, noise if self.target == "noise" else clean, reduction="none"), valid)
        return error, {f"{self.target}_mse": error.item()}

    @torch.no_grad()
    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        look = observation_tensors(observation, features.maps[0].device)
        token = self.pool(features, look)
        x = torch.randn(1, ACTION_HORIZON, ENCODED_DIM, generator=generator).to(token.device)
        lowest, highest = (-1 - self.centre) / self.spread, (1 - self.centre) / self.spread  # the workspace: what the encoding spans
        steps = np.linspace(TRAIN_STEPS - 1, 0, TEST_STEPS).round().astype(int)
        for step, following in zip(steps, [*steps[1:], -1], strict=True):
            kept = self.kept[step]
            found = self.denoise(x, torch.tensor([step], device=x.device), token)
            clean = ((x - (1 - kept).sqrt() * found) / kept.sqrt() if self.target == "noise" else found).clamp(lowest, highest)
            noise = (x - kept.sqrt() * clean) / (1 - kept).sqrt()
            left = self.kept[following] if following >= 0 else torch.ones_like(kept)
            x = left.sqrt() * clean + (1 - left).sqrt() * noise
        return ActionChunk(decode_actions((x[0] * self.spread + self.centre).cpu().numpy()))


def squared_cosine(steps: int) -> np.ndarray:
    """Share of signal power kept after each step (Nichol & Dhariwal 2021, equation 17), betas capped at 0.999. Shape (steps,)."""

    def signal(t: np.ndarray) -> np.ndarray:
        return np.cos((t + 0.008) / 1.008 * np.pi / 2) ** 2

    edges = signal(np.arange(steps + 1) / steps)
    return np.cumprod(1 - np.minimum(1 - edges[1:] / edges[:-1], 0.999))
