"""Legends fit their figure, however many entries they have."""

from __future__ import annotations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from para_bench.report.figures.style import legend_above, look_context

HEADS = ("para", "heatmap_rgb", "pixel_regression", "pixel_regression_rgb", "token_pixels", "global_token_camera", "global_token_plucker")
MARKS = ("its control: scenes like the training's", "floor, below 10 %")


@pytest.mark.parametrize("width_in", [6.75, 3.3])
@pytest.mark.parametrize("count", range(1, len(HEADS) + 1))
def test_a_legend_is_not_cut(count: int, width_in: float) -> None:
    labels = [*HEADS[:count], *MARKS]
    with look_context():
        figure = Figure(figsize=(width_in, 3.0), layout="constrained")
        canvas = FigureCanvasAgg(figure)
        figure.subplots()
        legend_above(figure, [Line2D([], []) for _ in labels], labels, width_in)
        canvas.draw()
        box = figure.legends[0].get_window_extent()
    assert box.x0 >= 0
    assert box.x1 <= figure.bbox.width
