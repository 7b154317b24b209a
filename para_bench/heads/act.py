"""ACT: a conditional VAE whose decoder, a transformer over spatial tokens and a latent, regresses the chunk.

Source: Zhao et al. 2023 (arXiv 2304.13705): L1 + 10 KL, a latent of 32 at its prior mean at test, sinusoidal positions, chunk queries.
Shrunk to train here: width 128 of 512, feed-forward 512 of 3200, 4 attention heads of 8, 2 layers of 4 in each encoder and 1 decoder
layer (of the published 7 only the first reaches the output); tokens of a 14 x 14 map. Departures: layers normalise before their
blocks, which trains at the rates of the other heads; the L1 weighs positions as all regression heads do. Temporal ensembling is done
where chunks overlap, that is with fewer `replan_steps` than the horizon (rollouts/ensembling.py), from suite version 2 on.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from para_bench.heads.base import HeadConfig
from para_bench.heads.parts.regression import Regression
from para_bench.heads.parts.trunk import PyramidFusion
from para_bench.heads.parts.unet1d import sinusoid
from para_bench.tensors import ENCODED_DIM, STATE_DIM, Batch, Features, Look
from para_bench.types import FeatureSpec

LATENT, KL_WEIGHT = 32, 10.0
ENCODER_LAYERS, DECODER_LAYERS, ATTENTION_HEADS, DROPOUT = 2, 1, 4, 0.1
MAX_GRID = 14
"""Attention costs the square of the tokens: a finer map is read at this grid."""


class ACT(Regression):
    """Conditional VAE with a transformer over spatial tokens."""

    sees = "RGB"
    ensemble: ClassVar[float | None] = 0.01
    """Published decay m of the weights of overlapping chunks."""
    time: Tensor
    place: Tensor

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        width, grid = 2 * config.width, min(MAX_GRID, spec.sizes[0])
        self.fuse = PyramidFusion(spec, width, grid)
        self.register_buffer("time", sinusoid(torch.arange(spec.actions.horizon), width), persistent=False)
        rows = sinusoid(torch.arange(grid), width // 2)
        columns_rows = [rows.expand(grid, grid, -1), rows[:, None].expand(grid, grid, -1)]
        self.register_buffer("place", torch.cat(columns_rows, dim=-1).flatten(0, 1), persistent=False)
        self.posterior_state, self.posterior_action = nn.Linear(STATE_DIM, width), nn.Linear(ENCODED_DIM, width)
        self.posterior_query = nn.Parameter(torch.randn(width) * 0.5)
        self.posterior = _encoder(width)
        self.moments = nn.Linear(width, 2 * LATENT)
        self.latent, self.state = nn.Linear(LATENT, width), nn.Linear(STATE_DIM, width)
        self.encoder = _encoder(width)
        self.queries = nn.Parameter(torch.randn(spec.actions.horizon, width) * 0.5)
        layer = nn.TransformerDecoderLayer(width, ATTENTION_HEADS, 4 * width, DROPOUT, batch_first=True, norm_first=True)
        self.decoder = nn.TransformerDecoder(layer, DECODER_LAYERS, nn.LayerNorm(width))
        self.out = nn.Linear(width, ENCODED_DIM)

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        mean, log_variance = self._posterior(batch)
        latent = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        error = self.l1(self._decode(features, batch, latent), batch)
        divergence = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(1).mean()
        return error + KL_WEIGHT * divergence, {"l1": error.item(), "kl": divergence.item()}

    def regress(self, features: Features, look: Look) -> Tensor:
        return self._decode(features, look, look.state.new_zeros(len(look.state), LATENT))

    def _posterior(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Mean and log variance of the latent (B, LATENT), from the state and the valid part of the chunk."""
        actions = self.posterior_action(batch.encoded * batch.valid[..., None]) + self.time
        ahead = torch.stack([self.posterior_query.expand(len(actions), -1), self.posterior_state(batch.state)], dim=1)
        ignored = torch.cat([batch.valid.new_zeros(len(actions), 2), ~batch.valid], dim=1)
        x = self.posterior(torch.cat([ahead, actions], dim=1), src_key_padding_mask=ignored)
        mean, log_variance = self.moments(x[:, 0]).chunk(2, dim=1)
        return mean, log_variance

    def _decode(self, features: Features, look: Look, latent: Tensor) -> Tensor:
        tokens = self.fuse(features).flatten(2).transpose(1, 2) + self.place
        known = torch.stack([self.latent(latent), self.state(look.state)], dim=1)
        memory = self.encoder(torch.cat([known, tokens], dim=1))
        return self.out(self.decoder(self.queries.expand(len(memory), -1, -1), memory))


def _encoder(width: int) -> nn.TransformerEncoder:
    layer = nn.TransformerEncoderLayer(width, ATTENTION_HEADS, 4 * width, DROPOUT, batch_first=True, norm_first=True)
    return nn.TransformerEncoder(layer, ENCODER_LAYERS, nn.LayerNorm(width), False)  # nested tensors need layers that normalise after
