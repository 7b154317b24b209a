"""The standard recipe's summary of an image: a learned token that attends to all spatial features.

Source: multi-head attention of Vaswani et al. 2017 (arXiv 1706.03762) with one query.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from para_bench.heads.parts.calibration import RayEncoding
from para_bench.tensors import STATE_DIM, Features, Look
from para_bench.types import FeatureSpec


class SpatialTokens(nn.Module):
    """Every cell of every level as a token of one width, with a learned embedding of its level and place."""

    def __init__(self, spec: FeatureSpec, width: int) -> None:
        super().__init__()
        self.project = nn.ModuleList(nn.Conv2d(channels, width, 1) for channels in spec.channels)
        self.norms = nn.ModuleList(nn.GroupNorm(1, channels) for channels in spec.channels)
        self.places = nn.ParameterList(nn.Parameter(torch.randn(size * size, width) * 0.1) for size in spec.sizes)

    def forward(self, features: Features, look: Look) -> Tensor:
        """Shape (B, N, width), N = cells of all levels."""
        levels = zip(features.maps, self.norms, self.project, self.places, strict=True)
        return torch.cat([project(norm(level)).flatten(2).transpose(1, 2) + place for level, norm, project, place in levels], dim=1)


class RayTokens(SpatialTokens):
    """Spatial tokens with their Pluecker rays added."""

    def __init__(self, spec: FeatureSpec, width: int) -> None:
        super().__init__(spec, width)
        self.sizes = spec.sizes
        self.rays = RayEncoding(width)

    def forward(self, features: Features, look: Look) -> Tensor:
        return super().forward(features, look) + torch.cat([self.rays(look, size) for size in self.sizes], dim=1)


class OneQueryAttention(nn.Module):
    """Multi-head attention of one query over N tokens.

    The key projection is moved to the query and the value projection behind the sum: with one query both then cost nothing per
    token, and the result is the same. A bias of the keys would shift all scores alike, so there is none.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.out = nn.Linear(width, width), nn.Linear(width, width)
        self.key, self.value = nn.Linear(width, width, bias=False), nn.Linear(width, width)

    def forward(self, x: Tensor, tokens: Tensor) -> Tensor:
        """From a query (B, width) and tokens (B, N, width) to (B, width)."""
        query = self.query(x).unflatten(1, (self.heads, -1))
        key, value = (layer.weight.unflatten(0, (self.heads, -1)) for layer in (self.key, self.value))
        folded = torch.einsum("bhd,hdw->bhw", query, key) * query.shape[-1] ** -0.5
        shares = (folded @ tokens.transpose(1, 2)).softmax(-1)
        return self.out(torch.einsum("bhw,hdw->bhd", shares @ tokens, value).flatten(1) + self.value.bias)


class PooledToken(nn.Module):
    """A learned token, given the state, that attends to all spatial tokens `layers` times."""

    def __init__(
        self, spec: FeatureSpec, width: int, layers: int = 2, heads: int = 8, rays: bool = False, state_dim: int = STATE_DIM
    ) -> None:
        super().__init__()
        self.tokens = (RayTokens if rays else SpatialTokens)(spec, width)
        self.query = nn.Parameter(torch.randn(width) * 0.5)
        self.state = nn.Linear(state_dim, width)
        self.attend = nn.ModuleList(OneQueryAttention(width, heads) for _ in range(layers))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2 * layers))
        self.mlps = nn.ModuleList(nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)) for _ in range(layers))

    def forward(self, features: Features, look: Look, state: Tensor | None = None) -> Tensor:
        """Shape (B, width). `state` (B, state_dim), if given, replaces that of the look."""
        tokens = self.tokens(features, look)
        x = self.query + self.state(look.state if state is None else state)
        for i, (attend, mlp) in enumerate(zip(self.attend, self.mlps, strict=True)):
            x = x + attend(self.norms[2 * i](x), tokens)
            x = x + mlp(self.norms[2 * i + 1](x))
        return x
