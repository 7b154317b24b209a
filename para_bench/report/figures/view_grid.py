"""Maps, as that of test views: success in each cell, azimuth x elevation, a panel a head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from para_bench.records.factors import Axis, Factor, cell_of
from para_bench.report.figures.source import Absent, Source, single, words
from para_bench.report.figures.style import BLACK, RATE_MAP, WIDTH_IN, two_lines
from para_bench.report.inventory import SplitResults

MOST_CELLS = 10_000


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One figure a split that has has a map."""
    found = list(source.factors("map"))
    if not found:
        raise Absent("needs records of a factor that is a map, as azimuth and elevation of the view")
    for result, factor in found:
        columns = min(4, len(result.learned))
        rows = -(-len(result.learned) // columns)
        side = min(2.0, (WIDTH_IN - 0.75) / columns)
        title = 0.28 if any("\n" in two_lines(head) for head in result.learned) else 0.14
        figure = Figure(figsize=(side * columns + 0.75, (side + title) * rows + 0.2), layout="constrained")
        panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
        for axes in panels.flat[len(result.learned) :]:
            axes.set_visible(False)
        for axes, head in zip(panels.flat, result.learned, strict=False):
            wins, counts = cells(result, head, factor.name)
            rates = np.where(counts > 0, wins / np.maximum(counts, 1), np.nan)
            image = axes.imshow(rates.T, cmap=RATE_MAP, vmin=0, vmax=1, origin="lower", interpolation="nearest")
            for (a, e), n in np.ndenumerate(counts):
                if n:
                    strong = abs(rates[a, e] - 0.5) > 0.35
                    axes.text(
                        a, e, f"{wins[a, e]}/{n}", ha="center", va="center", fontsize=3.4 if n > 9 else 4.4, color="w" if strong else BLACK
                    )
            axes.set_title(f"{two_lines(head)}  {wins.sum()}/{counts.sum()}", loc="left")
            for spine in axes.spines.values():
                spine.set_visible(False)
            axes.tick_params(length=0)
            _ticks(axes, counts.shape, factor.axes)
        across, up = _labels(factor)
        figure.supxlabel(across, fontsize=7.5)
        figure.supylabel(up, fontsize=7.5)
        bar = figure.colorbar(image, ax=panels, ticks=[0, 0.5, 1], shrink=0.8, aspect=18, pad=0.015)
        bar.ax.set_yticklabels(["0", "50", "100"])
        bar.set_label(f"success % ({words(result.split)})")
        bar.outline.set_visible(False)  # type: ignore[operator]
        yield f"{factor.name}_{result.split}", figure


def cells(result: SplitResults, head: str, factor: str) -> tuple[np.ndarray, np.ndarray]:
    """Successes and episodes of each cell, both (across, up), int; 0 episodes where a cell was not tested."""
    places = {c: cell for c in result.expected.scenes if c[0] == factor and (cell := cell_of(c[1]))}
    if not places:
        raise Absent(f"needs levels of condition {factor} that name cells, as a0e7")
    shape = tuple(1 + max(place[axis] for place in places.values()) for axis in (0, 1))
    if shape[0] * shape[1] > MOST_CELLS:
        raise Absent(f"the map of condition {factor} has {shape[0]} x {shape[1]} cells, which no page shows")
    wins, counts = np.zeros(shape, int), np.zeros(shape, int)
    for condition, place in places.items():
        outcomes = result.roster.outcomes(head, single(condition))
        wins[place], counts[place] = outcomes.sum(), outcomes.size
    return wins, counts


def _labels(factor: Factor) -> tuple[str, str]:
    if len(factor.axes) != 2:
        return f"{words(factor.name)}, across (cell)", "up (cell)"
    across, up = (f"{axis.title} [{factor.unit}]" if factor.unit else axis.title for axis in factor.axes)
    return across, up


def _ticks(axes: Axes, shape: tuple[int, ...], spans: Sequence[Axis]) -> None:
    """Every cell of a small map, the first and last of a large one whose axes are known."""
    known = len(spans) == 2
    for i, (ticks, n) in enumerate(((axes.set_xticks, shape[0]), (axes.set_yticks, shape[1]))):
        names = np.linspace(spans[i].low, spans[i].high, n) if known else np.arange(n)
        shown = range(0, n, 1 if n < 5 else n - 1) if known else range(n)
        ticks(list(shown), [f"{names[i]:+g}" if known else f"{names[i]}" for i in shown])
