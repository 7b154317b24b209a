"""PARA without the camera: its heatmaps and read-outs, and a learned map from pixel and height to the table instead of the lift.

The row that asks what the calibration is good for. All but two things are `para`: the trunk gets no embedding at the gripper's pixel,
which takes a calibration to know, and world x and y come from a `LearnedMap`.

What it is given: pictures and proprioception, in training as in a test. Its labels lie in the image plane, as every heatmap head's do:
they say where in the present picture the gripper will be. Such labels need no calibrated camera (the gripper's pixel can be followed
through the later pictures); here they come from the simulator. Nothing else of the calibration enters the loss, and nothing at all
enters a prediction: conformance's rule `calibration` holds both, since it changes what a head is told and leaves the labels alone.
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
        # At the true place and height, as the read-outs are taught: the map teaches the heatmaps nothing.
        errors = self.ground.errors(batch.action_pixels, batch.actions[..., :3])
        return super().place_losses(logits, batch, valid) | {"ground": POSITION_WEIGHT * masked_mean(errors, valid)}

    def points(self, places: Tensor, heights: np.ndarray, camera: Camera) -> np.ndarray:
        return self.ground.points(places, heights)
