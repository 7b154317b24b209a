"""The loss of predicted images: squared error, and SSIM, which keeps structure and what does not move."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

STRUCTURE_WEIGHT = 0.1
"""Weight of 1 - SSIM beside the squared error: at the start of training each is about half of the loss."""
WINDOW = 7
"""Side of SSIM's windows [px], all weights equal, as skimage.metrics.structural_similarity has them."""
C1, C2 = 0.01**2, 0.03**2


def image_loss(guess: Tensor, truth: Tensor) -> Tensor:
    """Squared error with 1 - SSIM, as Zhao et al. 2017 (arXiv 1511.08861, section III) propose for restoring images.

    The squared error alone leaves faint noise on everything that does not move. Images (B, T, 3, H, W) in [0, 1].
    """
    return F.mse_loss(guess, truth) + STRUCTURE_WEIGHT * (1 - ssim(guess, truth))


def ssim(first: Tensor, second: Tensor) -> Tensor:
    """Mean structural similarity (Wang et al. 2004, equation 13) over images (B, T, 3, H, W) in [0, 1], colours and windows."""
    a, b = first.flatten(0, 1), second.flatten(0, 1)
    mean_a, mean_b = _mean(a), _mean(b)
    variances = _mean(a * a) - mean_a**2 + _mean(b * b) - mean_b**2
    covariance = _mean(a * b) - mean_a * mean_b
    alike = (2 * mean_a * mean_b + C1) * (2 * covariance + C2)
    return (alike / ((mean_a**2 + mean_b**2 + C1) * (variances + C2))).mean()


def _mean(x: Tensor) -> Tensor:
    return F.avg_pool2d(x, WINDOW, stride=1)
