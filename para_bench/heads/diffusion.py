"""Diffusion Policy: a 1-D U-Net removes noise from the chunk, modulated (FiLM) by pooled features.

Source: Chi et al. 2023 (arXiv 2303.04137): features pooled by spatial softmax, squared-cosine schedule, 100 training steps, epsilon
prediction, clipped samples, averaged weights; DDIM with 10 steps at test (Song et al. 2021, arXiv 2010.02502). Widths are shrunk from
[512, 1024, 2048].
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from para_bench.heads.base import Head, HeadConfig, masked_mean
from para_bench.heads.parts.keypoints import POOLED_DIM, Keypoints
from para_bench.heads.parts.unet1d import UNet1d
from para_bench.tensors import ENCODED_DIM, Batch, Features, decode_actions, observation_tensors
from para_bench.types import ActionChunk, FeatureSpec, Observation

TRAIN_STEPS, TEST_STEPS = 100, 10
DRAWS = 4
"""Noise levels per sample and step: the U-Net is cheap beside the pooling, so each pooled vector is used for several."""


class Diffusion(Head):
    """Denoising diffusion over the chunk, conditioned on soft-argmax keypoints."""

    sees = "RGB"
    rays: ClassVar[bool] = False
    """Whether the features are told their Pluecker rays."""
    target: ClassVar[Literal["noise", "sample"]] = "noise"
    """What the U-Net predicts."""
    kept: Tensor

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        self.pool, outputs = self.make_pool(spec)
        self.denoise = UNet1d(ENCODED_DIM, condition=outputs)
        self.register_buffer("kept", torch.from_numpy(squared_cosine(TRAIN_STEPS)).float(), persistent=False)

    def make_pool(self, spec: FeatureSpec) -> tuple[nn.Module, int]:
        """What makes of features and look what the U-Net is told (B, D), and D."""
        return Keypoints(spec, self.config.width, rays=self.rays), POOLED_DIM

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        pooled = self.pool(features, batch).repeat(DRAWS, 1)
        clean, valid = batch.encoded.repeat(DRAWS, 1, 1), batch.valid.repeat(DRAWS, 1)
        clean = clean * valid[..., None]  # what lies past the end must not reach its neighbours through the convolutions
        step = torch.randint(TRAIN_STEPS, (len(clean),), device=clean.device)
        noise = torch.randn_like(clean)
        kept = self.kept[step][:, None, None]
        predicted = self.denoise(kept.sqrt() * clean + (1 - kept).sqrt() * noise, step, pooled)
        error = masked_mean(F.mse_loss(predicted, noise if self.target == "noise" else clean, reduction="none"), valid)
        return error, {f"{self.target}_mse": error.item()}

    @torch.no_grad()
    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        look = observation_tensors(observation, features.maps[0].device, self.spec.actions)
        pooled = self.pool(features, look)
        x = torch.randn(1, self.spec.actions.horizon, ENCODED_DIM, generator=generator).to(pooled.device)
        steps = np.linspace(TRAIN_STEPS - 1, 0, TEST_STEPS).round().astype(int)
        for step, following in zip(steps, [*steps[1:], -1], strict=True):
            kept = self.kept[step]
            found = self.denoise(x, torch.tensor([step], device=x.device), pooled)
            clean = ((x - (1 - kept).sqrt() * found) / kept.sqrt() if self.target == "noise" else found).clamp(-1, 1)
            noise = (x - kept.sqrt() * clean) / (1 - kept).sqrt()
            left = self.kept[following] if following >= 0 else torch.ones_like(kept)
            x = left.sqrt() * clean + (1 - left).sqrt() * noise
        return ActionChunk(decode_actions(x[0].cpu().numpy(), self.spec.actions))


def squared_cosine(steps: int) -> np.ndarray:
    """Share of signal power kept after each step (Nichol & Dhariwal 2021, equation 17), betas capped at 0.999. Shape (steps,)."""

    def signal(t: np.ndarray) -> np.ndarray:
        return np.cos((t + 0.008) / 1.008 * np.pi / 2) ** 2

    edges = signal(np.arange(steps + 1) / steps)
    return np.cumprod(1 - np.minimum(1 - edges[1:] / edges[:-1], 0.999))
