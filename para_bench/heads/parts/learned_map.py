"""From a place in the image and a height to the table, learned: it replaces the lift in heads that are not given the camera.

Under one fixed camera that map is one function of three numbers. A small network learns it from the labels, where place, height and
point are known together. It is right for the cameras of the training alone: for a moved, zoomed or turned view (an augmented copy that
is turned, too) the same place means another point, and the map cannot know it.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from para_bench.tensors import encode_positions
from para_bench.types import ActionSpec

HIDDEN = 64
"""Width of its two layers; fixed beforehand, 4,500 numbers for a function that is nearly a homography at each height."""


class LearnedMap(nn.Module):
    """A linear map, and a small network beside it for the perspective."""

    def __init__(self, actions: ActionSpec, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.actions = actions
        self.linear = nn.Linear(3, 2)
        self.bend = nn.Sequential(nn.Linear(3, hidden), nn.GELU(), nn.Linear(hidden, hidden), nn.GELU(), nn.Linear(hidden, 2))

    def forward(self, places: Tensor, heights: Tensor) -> Tensor:
        """Places (..., 2) as shares of the image and heights (...) [m] to x and y (..., 2) as `encode_actions` states them."""
        low, high = self.actions.low[2], self.actions.high[2]
        seen = 2 * torch.cat([places, ((heights - low) / (high - low))[..., None]], dim=-1) - 1
        return self.linear(seen) + self.bend(seen)

    def points(self, places: Tensor, heights: np.ndarray) -> np.ndarray:
        """World points (T, 3) [m], float64, of places (T, 2) and heights (T,) [m]."""
        found = self(places, torch.from_numpy(heights).to(places)).double().cpu().numpy()
        low, high = (np.array(side[:2]) for side in (self.actions.low, self.actions.high))
        return np.column_stack([(found + 1) / 2 * (high - low) + low, heights])

    def errors(self, places: Tensor, positions: Tensor) -> Tensor:
        """Absolute error in x and y (..., 2), encoded, at labels: places (..., 2) and world positions (..., 3) [m]."""
        return (self(places, positions[..., 2]) - encode_positions(positions, self.actions)[..., :2]).abs()
