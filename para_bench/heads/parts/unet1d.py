"""A 1-D convolutional U-Net over the timesteps of a chunk, modulated by a condition (FiLM, Perez et al. 2018)."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class UNet1d(nn.Module):
    """Chi et al.'s layout: residual blocks with kernel 5 and group norm, halving the time axis between widths."""

    def __init__(self, channels: int, condition: int, widths: tuple[int, ...] = (64, 96, 128)) -> None:
        super().__init__()
        self.embed = nn.Sequential(nn.Linear(64, 128), nn.Mish(), nn.Linear(128, 128))
        condition += 128
        sizes = list(zip((channels, *widths[:-1]), widths, strict=True))
        self.down = nn.ModuleList(Blocks(a, b, condition) for a, b in sizes)
        self.shrink = nn.ModuleList(nn.Conv1d(b, b, 3, stride=2, padding=1) for _, b in sizes[:-1])
        self.middle = Blocks(widths[-1], widths[-1], condition)
        self.up = nn.ModuleList(Blocks(2 * b, a, condition) for a, b in reversed(sizes[1:]))
        self.grow = nn.ModuleList(nn.ConvTranspose1d(a, a, 4, stride=2, padding=1) for a, _ in reversed(sizes[1:]))
        self.out = nn.Sequential(
            nn.Conv1d(widths[0], widths[0], 5, padding=2), nn.GroupNorm(8, widths[0]), nn.Mish(), nn.Conv1d(widths[0], channels, 1)
        )

    def forward(self, x: Tensor, step: Tensor, condition: Tensor) -> Tensor:
        """Noisy chunk (B, T, channels), diffusion step (B,), condition (B, condition) -> output (B, T, channels). T is a multiple of 4."""
        condition = torch.cat([condition, self.embed(sinusoid(step, 64))], dim=1)
        x, skips = x.transpose(1, 2), []
        for i, down in enumerate(self.down):
            x = down(x, condition)
            skips.append(x)
            if i < len(self.shrink):
                x = self.shrink[i](x)
        x = self.middle(x, condition)
        for up, grow in zip(self.up, self.grow, strict=True):
            x = grow(up(torch.cat([x, skips.pop()], dim=1), condition))
        return self.out(x).transpose(1, 2)


class Blocks(nn.Module):
    """Two residual blocks, one after the other."""

    def __init__(self, inputs: int, outputs: int, condition: int) -> None:
        super().__init__()
        self.first, self.second = Block(inputs, outputs, condition), Block(outputs, outputs, condition)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        return self.second(self.first(x, condition), condition)


class Block(nn.Module):
    """Two convolutions, the first modulated in scale and shift, with a residual path."""

    def __init__(self, inputs: int, outputs: int, condition: int) -> None:
        super().__init__()
        self.first, self.first_norm = nn.Conv1d(inputs, outputs, 5, padding=2), nn.GroupNorm(8, outputs)
        self.second, self.second_norm = nn.Conv1d(outputs, outputs, 5, padding=2), nn.GroupNorm(8, outputs)
        self.film = nn.Sequential(nn.Mish(), nn.Linear(condition, 2 * outputs))
        self.skip = nn.Conv1d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift = self.film(condition)[..., None].chunk(2, dim=1)
        y = F.mish(self.first_norm(self.first(x))) * (1 + scale) + shift
        return F.mish(self.second_norm(self.second(y))) + self.skip(x)


def sinusoid(step: Tensor, width: int) -> Tensor:
    """Sinusoidal embedding (B, width) of integer steps (B,) (Vaswani et al. 2017)."""
    rate = torch.exp(-math.log(10000) * torch.arange(width // 2, device=step.device) / (width // 2 - 1))
    angle = step[:, None] * rate
    return torch.cat([angle.sin(), angle.cos()], dim=1)
