"""A small spatio-temporal U-Net: it predicts the next 7 images from the present one, and its decoder's features are read.

Convolutions over space and over time alternate, as in video diffusion models (Ho et al. 2022, arXiv 2204.03458). The next images are
predicted as differences from the present one, all at once and without sampling. It is registered with timm, as a backbone like any
other. The source of PARA's claim on video features uses Stable Video Diffusion's U-Net, which is 500 times as large.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from timm.models import register_model
from torch import Tensor, nn

FUTURE = 7
"""Images predicted."""
WIDTHS = (32, 64, 96)
"""Channels at strides 4, 8 and 16."""
READ = (1, 3, 6)
"""Future images whose decoder features are handed out: near, middle, far."""
OUT_STRIDE = 2
"""Predicted images have half the side of the input."""


class Block(nn.Module):
    """Convolution over space, then over time where there is one, added to the input. Shapes (B, T, C, H, W) or (B, C, H, W)."""

    def __init__(self, width: int, temporal: bool) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(8, width)
        self.space = nn.Conv2d(width, width, 3, padding=1)
        self.time = nn.Conv1d(width, width, 3, padding=1) if temporal else None
        if self.time is not None:
            nn.init.zeros_(self.time.weight)
            nn.init.zeros_(self.time.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        if self.time is None:
            return x + self.space(F.silu(self.norm(x)))
        batch, times, width, height, side = x.shape
        flat = x.flatten(0, 1)
        flat = flat + self.space(F.silu(self.norm(flat)))
        lines = flat.view(batch, times, width, height * side).permute(0, 3, 2, 1).flatten(0, 1)  # (B H W, C, T)
        mixed = self.time(F.silu(lines)).view(batch, height * side, width, times).permute(0, 3, 2, 1)
        return flat.view(x.shape) + mixed.reshape(x.shape)


class VideoUNet(nn.Module):
    """Takes images (B, 3, H, W), normalised as `pretrained_cfg` says, H = W a multiple of 16."""

    def __init__(self, history: int = 0) -> None:
        """`history` is the number of images before the present one that are read too, oldest first, as further channels."""
        super().__init__()
        low, middle, high = WIDTHS
        self.pretrained_cfg: dict[str, Any] = {"mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5), "classifier": None}
        self.feature_info = [
            {"num_chs": len(READ) * middle, "reduction": 8, "module": "up8"},
            {"num_chs": len(READ) * high, "reduction": 16, "module": "up16"},
        ]
        self.history = history
        self.stem = nn.Conv2d(3 * (1 + history), low, 7, stride=4, padding=3)
        self.down4 = nn.Sequential(Block(low, False), Block(low, False))
        self.to8 = nn.Conv2d(low, middle, 3, stride=2, padding=1)
        self.down8 = nn.Sequential(Block(middle, False), Block(middle, False))
        self.to16 = nn.Conv2d(middle, high, 3, stride=2, padding=1)
        self.down16 = nn.Sequential(Block(high, False), Block(high, False))
        self.when = nn.Parameter(0.02 * torch.randn(FUTURE, high))
        self.up16 = nn.Sequential(*(Block(high, True) for _ in range(3)))
        self.from16 = nn.Conv2d(high, middle, 1)
        self.up8 = nn.Sequential(*(Block(middle, True) for _ in range(2)))
        self.from8 = nn.Conv2d(middle, low, 1)
        self.up4 = nn.Sequential(*(Block(low, True) for _ in range(2)))
        self.out = nn.Conv2d(low, 3 * (4 // OUT_STRIDE) ** 2, 3, padding=1)
        nn.init.zeros_(self.out.weight)  # the first guess is that nothing moves
        nn.init.zeros_(self.out.bias)  # type: ignore[arg-type]

    def forward(self, images: Tensor) -> Tensor:
        """Differences of the next images from the present one, in units of the input. Shape (B, FUTURE, 3, H / 2, W / 2)."""
        present, at8, _ = self._decode(images)
        x = self._wider(at8, self.from8) + present[:, None]
        x = self.up4(x)
        return F.pixel_shuffle(self.out(x.flatten(0, 1)), 4 // OUT_STRIDE).unflatten(0, (len(images), FUTURE))

    def forward_intermediates(self, images: Tensor, indices: list[int], **_: Any) -> list[Tensor]:
        """timm's interface: decoder features at strides 8 and 16, those of the READ images side by side."""
        if self.history:  # a policy sees the present alone: it stands for the past too
            images = images.repeat(1, 1 + self.history, 1, 1)
        at8, at16 = self._decode(images)[1:]
        levels = [level[:, list(READ)].flatten(1, 2) for level in (at8, at16)]
        return [levels[i] for i in indices]

    def prune_intermediate_layers(self, indices: list[int], **_: Any) -> list[int]:
        """timm's interface: nothing is cut off, so that the weights stay whole."""
        return indices

    def group_matcher(self, coarse: bool = False) -> dict[str, Any]:
        """timm's interface: layers by depth, for rates and freezing by stage."""
        return {"stem": r"^stem", "blocks": [(r"^(?:down4|to8)", (0,)), (r"^(?:down8|to16)", (1,)), (r"^down16", (2,)), (r".*", (3,))]}

    def _decode(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Features of the present at stride 4 (B, C, H, W); of the future at strides 8 and 16 (B, FUTURE, C, H, W)."""
        at4 = self.down4(self.stem(images))
        at8 = self.down8(self.to8(at4))
        at16 = self.down16(self.to16(at8))
        ahead16 = self.up16(at16[:, None] + self.when[None, :, :, None, None])
        ahead8 = self.up8(self._wider(ahead16, self.from16) + at8[:, None])
        return at4, ahead8, ahead16

    @staticmethod
    def _wider(x: Tensor, project: nn.Conv2d) -> Tensor:
        """Twice the side, other channels. Shape (B, T, C, H, W)."""
        flat = F.interpolate(project(x.flatten(0, 1)), scale_factor=2.0, mode="nearest")
        return flat.unflatten(0, x.shape[:2])


@register_model
def para_bench_video_unet(pretrained: bool = False, **_: Any) -> VideoUNet:
    """timm's interface; reads the present image."""
    return VideoUNet()


@register_model
def para_bench_video_unet_past(pretrained: bool = False, **_: Any) -> VideoUNet:
    """timm's interface; reads the present image and the two before."""
    return VideoUNet(history=2)


VIDEO_MODELS = (para_bench_video_unet.__name__, para_bench_video_unet_past.__name__)
"""Their names in timm."""
