"""PARA with a loss on coordinates: one soft-argmax a waypoint, trained by the distance to the waypoint's pixel, then lifted.

This head tests what the dense loss contributes. Trunk, heatmaps, read-outs at the pixel and the lift are `para`'s, and so is every
parameter by name, shape and initial value; but the place is the mean of the heatmap instead of its peak, and the loss is an L1 on that
mean instead of a cross-entropy over all cells.

Source of the form: soft-argmax of Levine et al. 2016 (arXiv 1504.00702), trained end to end as in integral regression (Sun et al.
2018, arXiv 1711.08229).
"""

from __future__ import annotations

import numpy as np
from torch import Tensor

from para_bench.heads.para import Para
from para_bench.heads.parts.coordinates import place_l1
from para_bench.heads.parts.grid import expectation
from para_bench.tensors import Batch


class PixelRegression(Para):
    """Soft-argmax places in the image, L1 on them, lifted."""

    def place_losses(self, logits: Tensor, batch: Batch, valid: Tensor) -> dict[str, Tensor]:
        return {"pixel": place_l1(expectation(logits), batch.action_pixels, valid)}

    def find(self, logits: Tensor) -> tuple[Tensor, dict[str, np.ndarray], Tensor]:
        return expectation(logits), {}, logits.flatten(-2).softmax(-1).unflatten(-1, logits.shape[-2:])
