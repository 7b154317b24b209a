"""Maps, such as that of test views: success in each cell, azimuth x elevation, a panel a head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from para_bench.records.factors import Axis, Factor, cell_of
from para_bench.report.figures.source import Absent, Source, numbered, pages, words
from para_bench.report.figures.style import FONT_PT, HALF_WIDTH_IN, RATE_MAP, keep_within, wrapped
from para_bench.report.inventory import SplitResults
from para_bench.report.levels import single
from para_bench.report.looks import GREY, PALE

MOST_CELLS = 10_000
_ACROSS = {1: 3, 2: 5}
"""Panels of a row, at most, by the columns of a page."""
_MOST_ROWS = 5
_LETTERS = {1: 13, 2: 15}


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One figure a split that has a map."""
    found = list(source.factors("map"))
    if not found:
        raise Absent("needs records of a factor that is a map, as azimuth and elevation of the view")
    for result, factor in found:
        for page, heads in enumerate(pages(result.learned, _MOST_ROWS * _ACROSS[source.columns])):
            yield numbered(f"{factor.name}_{result.split}", page), _draw(source, result, factor, heads)


def _draw(source: Source, result: SplitResults, factor: Factor, heads: Sequence[str]) -> Figure:
    rows = -(-len(heads) // _ACROSS[source.columns])
    columns = -(-len(heads) // rows)  # rows of the same length, so that no row is nearly empty
    wide = source.columns == 2
    beside, below = (0.95, 0.5) if wide else (0.45, 1.0)
    side = min(1.5, (source.width_in - beside) / columns)
    found = {head: cells(result, head, factor.name) for head in heads}
    titles = {head: f"{wrapped(head, _LETTERS[source.columns])}\n{w.sum()}/{n.sum()}" for head, (w, n) in found.items()}
    tallest = max(title.count("\n") + 1 for title in titles.values())
    figure = Figure(figsize=(max(HALF_WIDTH_IN, side * columns + beside), (side + 0.14 * tallest) * rows + below), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for axes in panels.flat[len(heads) :]:
        axes.set_visible(False)
    for axes, (head, (wins, counts)) in zip(panels.flat, found.items(), strict=False):
        rates = np.where(counts > 0, wins / np.maximum(counts, 1), np.nan)
        axes.set_facecolor(PALE)
        image = axes.imshow(rates.T, cmap=RATE_MAP, vmin=0, vmax=1, origin="lower", interpolation="nearest")
        _cross_out(axes, counts)
        axes.set_title(titles[head], loc="left", fontsize=FONT_PT)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(length=0)
        _ticks(axes, counts.shape, factor.axes)
    across, up = _labels(factor)
    figure.supxlabel(across, fontsize=7.5)
    figure.supylabel(up, fontsize=7.5)
    where = {"location": "right", "shrink": 0.8, "aspect": 18, "pad": 0.015} if wide else {"location": "bottom", "aspect": 24, "pad": 0.03}
    bar = figure.colorbar(image, ax=panels, ticks=[0, 0.5, 1], **where)
    bar.set_ticklabels(["0", "50", "100"])
    bar.set_label(f"success %\n({words(result.split)}, {_count(found)} episodes a cell)")
    bar.outline.set_visible(False)  # type: ignore[operator]
    if any((counts == 0).any() for _, counts in found.values()):
        figure.legend([Patch(facecolor=PALE, hatch="xxxx", edgecolor=GREY, linewidth=0)], ["not tested"], loc="outside upper right")
    return figure


def _cross_out(axes: Axes, counts: np.ndarray) -> None:
    """Cells without an episode are hatched: nothing is known of them, which is not a rate of 0."""
    for a, e in np.argwhere(counts == 0):
        axes.add_patch(Rectangle((a - 0.5, e - 0.5), 1, 1, facecolor="none", edgecolor=GREY, hatch="xxxx", linewidth=0))


def _count(found: dict[str, tuple[np.ndarray, np.ndarray]]) -> str:
    """ "3 to 6"."""
    counts = np.concatenate([counts[counts > 0] for _, counts in found.values()])
    return f"{counts.min()}" if counts.min() == counts.max() else f"{counts.min()} to {counts.max()}"


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
    """First and last cell; their labels stand inside of the panel's width, so that those of two panels do not touch."""
    known = len(spans) == 2
    for i, (ticks, n) in enumerate(((axes.set_xticks, shape[0]), (axes.set_yticks, shape[1]))):
        names = np.linspace(spans[i].low, spans[i].high, n) if known else np.arange(n)
        shown = sorted({0, n - 1})
        ticks(shown, [f"{names[at]:+g}" if known else f"{names[at]}" for at in shown])
    keep_within(axes)
