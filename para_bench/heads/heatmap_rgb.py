"""PARA without the camera: its heatmaps and read-outs, and a learned map from pixel and height to the table instead of the lift.

This head tests what the calibration contributes. It differs from `para` in two things: the trunk gets no embedding at the gripper's pixel,
which takes a calibration to know, and world x and y come from a `LearnedMap`.

What it is given: pictures and proprioception, in training as in a test. Its labels lie in the image plane, as every heatmap head's do:
they say where in the present picture the gripper will be. Such labels need no calibrated camera (the gripper's pixel can be followed
through the later pictures); here they come from the simulator. Nothing else of the calibration enters the loss, and nothing at all
enters a prediction: the conformance rule `calibration` checks both, since it changes the calibration and leaves the labels alone.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor

from para_bench.heads.base import HeadConfig, masked_mean
from para_bench.heads.para import Para
from para_bench.heads.parts.learned_map import LearnedMap
from para_bench.heads.parts.regression import POSITION_WEIGHT
from para_bench.tensors import Batch
from para_bench.types import Camera, FeatureSpec


class HeatmapRGB(Para):
    """Heatmaps in the image, mapped to the table by a small network."""

    sees = "RGB"

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        self.ground = LearnedMap(spec.actions)

    def place_losses(self, logits: Tensor, batch: Batch, valid: Tensor) -> dict[str, Tensor]:
        # At the true place and height, as the read-outs are trained: the map gives the heatmaps no gradient.
        errors = self.ground.errors(batch.action_pixels, batch.actions[..., :3])
        return super().place_losses(logits, batch, valid) | {"ground": POSITION_WEIGHT * masked_mean(errors, valid)}

    def points(self, places: Tensor, heights: np.ndarray, camera: Camera) -> np.ndarray:
        return self.ground.points(places, heights)
