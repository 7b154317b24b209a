"""Diffusion Policy: a 1-D U-Net removes noise from the chunk, modulated (FiLM) by pooled features.

Source: Chi et al. 2023 (arXiv 2303.04137): features pooled by spatial softmax, squared-cosine schedule, 100 training steps, epsilon
prediction, clipped samples, averaged weights; DDIM with 10 steps at test (Song et al. 2021, arXiv 2010.02502). Widths are shrunk from
[512, 1024, 2048].

`as_source` (suite version 2): sampling starts at step 90, as `diffusers` spaces 10 steps of 100, and a chunk that ends early is padded
with its last waypoint, which counts in the loss. Version 1 starts at step 99 and leaves out what lies past the end.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from para_bench.heads.base import Head, HeadConfig, masked_mean
from para_bench.heads.parts.ddim import leading, sample, spread, squared_cosine
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
    """Whether Pluecker rays are added to the features."""
    target: ClassVar[Literal["noise", "sample"]] = "noise"
    """What the U-Net predicts."""
    kept: Tensor

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        self.pool, outputs = self.make_pool(spec)
        self.denoise = UNet1d(ENCODED_DIM, condition=outputs)
        self.register_buffer("kept", torch.from_numpy(squared_cosine(TRAIN_STEPS)).float(), persistent=False)

    def make_pool(self, spec: FeatureSpec) -> tuple[nn.Module, int]:
        """The module that turns features and look into the condition of the U-Net (B, D), and D."""
        return Keypoints(spec, self.config.width, rays=self.rays), POOLED_DIM

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        pooled = self.pool(features, batch).repeat(DRAWS, 1)
        clean, valid = batch.encoded.repeat(DRAWS, 1, 1), batch.valid.repeat(DRAWS, 1)
        if self.config.as_source:
            clean, valid = held(clean, valid), torch.ones_like(valid)
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
        exact = self.config.as_source
        steps = (leading if exact else spread)(TRAIN_STEPS, TEST_STEPS)
        x = sample(lambda x, step: self.denoise(x, step, pooled), x, self.kept, steps, self.target, noise_of_clipped=not exact)
        return ActionChunk(decode_actions(x[0].cpu().numpy(), self.spec.actions))


def held(chunk: Tensor, valid: Tensor) -> Tensor:
    """A chunk (B, T, D) with its last `valid` (B, T) waypoint repeated to the end; what lies past a demonstration's end is not read."""
    last = valid.long().sum(dim=1).clamp(min=1) - 1
    index = torch.minimum(torch.arange(chunk.shape[1], device=chunk.device), last[:, None])
    return chunk.gather(1, index[..., None].expand_as(chunk))
