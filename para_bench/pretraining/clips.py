"""Clips from stored episodes: the present image, those before it and the next ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from para_bench.backbones.video_unet import FUTURE, OUT_STRIDE
from para_bench.data.augmentation import Augmentation
from para_bench.data.cache import cache_root
from para_bench.data.images import cached_images
from para_bench.data.store import Demonstrations
from para_bench.demonstrations.frames import FrameImages


class Clips:
    """One clip a frame; past an episode's ends its first and last frames are repeated."""

    def __init__(self, found: Demonstrations, size: int, progress: bool = True) -> None:
        found = replace(found.at_waypoints(), views=())  # clips are films of one camera
        images = FrameImages(found, size, Augmentation(copies=0), 0)
        self.key = images.key
        """Names the content of all images."""
        self._images = cached_images(images, len(images), size, self.key, cache_root(), progress)
        episode = found.frames.episode
        self._first = np.searchsorted(episode, episode, side="left")
        self._last = np.searchsorted(episode, episode, side="right") - 1
        self.starts = np.flatnonzero(np.arange(len(episode)) + FUTURE <= self._last)
        """Frames whose next FUTURE images are all there. Shape (N,)."""

    def middles(self, count: int) -> np.ndarray:
        """The middle one of `starts` in each of the first `count` episodes that have any."""
        whose = self._first[self.starts]
        return np.array([self.starts[whose == first][(whose == first).sum() // 2] for first in np.unique(whose)[:count]])

    def take(self, frames: np.ndarray, history: int = 0) -> tuple[Tensor, Tensor]:
        """Clips at `frames` (B,).

        Returns:
            The present and, before it, `history` images, as channels (B, 3 (1 + history), H, W), and the next FUTURE at the size at which
            they are predicted (B, FUTURE, 3, H / OUT_STRIDE, W / OUT_STRIDE); both in [0, 1].
        """
        steps = np.arange(-history, FUTURE + 1)
        where = np.clip(frames[:, None] + steps, self._first[frames, None], self._last[frames, None])
        images = torch.from_numpy(self._images[where]).permute(0, 1, 4, 2, 3).float() / 255  # (B, steps, 3, H, W)
        seen, ahead = images[:, : history + 1], images[:, history + 1 :]
        return seen.flatten(1, 2), shrink(ahead)


def shrink(images: Tensor) -> Tensor:
    """Images (B, T, 3, H, W) at the size at which they are predicted."""
    return F.avg_pool2d(images.flatten(0, 1), OUT_STRIDE).unflatten(0, images.shape[:2])


def brighter(parts: Sequence[Tensor], generator: torch.Generator) -> list[Tensor]:
    """Each clip's images with the same random gain for each colour, 0.7 to 1.3. Parts (B, ..., 3 k or 3, H, W) in [0, 1]."""
    gain = 0.7 + 0.6 * torch.rand(len(parts[0]), 3, generator=generator)
    found = []
    for part in parts:
        shape = part.shape
        coloured = part.reshape(len(part), -1, 3, *shape[-2:]) * gain[:, None, :, None, None].to(part)
        found.append(coloured.clamp(0, 1).reshape(shape))
    return found
