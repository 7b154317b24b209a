"""The loss of heads that regress a place in the image as two numbers: L1, with about the weight of the regressions in world."""

from __future__ import annotations

from torch import Tensor

from para_bench.heads.base import masked_mean

PLACE_WEIGHT = 20.0
"""Weight of an error of one image side. Under the scenes' camera (focal length 1.3 sides, 0.75 m away) 1 cm across the table is 0.017
sides, so it weighs 0.35 where the regressions' POSITION_WEIGHT makes it 0.31 in x and 0.19 in y; fixed beforehand, not searched."""


def place_l1(places: Tensor, labels: Tensor, valid: Tensor) -> Tensor:
    """Weighted mean absolute error of places (B, T, 2), shares of the image, over the timesteps that are `valid` (B, T); a scalar."""
    return PLACE_WEIGHT * masked_mean((places - labels).abs(), valid)
