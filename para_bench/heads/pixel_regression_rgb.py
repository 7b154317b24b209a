"""A loss on coordinates, without the camera: as `pixel_regression`, with the learned map of `heatmap_rgb` instead of the lift.

With `para`, `heatmap_rgb` and `pixel_regression` it makes a 2 x 2 design: dense loss or coordinates, given the camera or not.
"""

from __future__ import annotations

from para_bench.heads.heatmap_rgb import HeatmapRGB
from para_bench.heads.pixel_regression import PixelRegression


class PixelRegressionRGB(HeatmapRGB, PixelRegression):
    """Soft-argmax places in the image, L1 on them, mapped to the table by a small network."""

    # HeatmapRGB comes first: it adds the map to whatever loss on places follows it, here the L1.
