"""Success against the level of a factor: number of demonstrations, errors of the calibration."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase

from para_bench.records.factors import Factor
from para_bench.report.figures.source import Absent, Source, bars, estimate, levels, single
from para_bench.report.figures.style import LETTER_IN, key, legend_above, percent_axis, spread
from para_bench.report.inventory import CONTROL, SplitResults

Panel = tuple[SplitResults, Factor]
ROW_IN = 2.0
_MANY = 4
"""Panels that are narrow in a column, so that they fit a page."""
_LABEL_PART = 0.09
"""Share of the axis that a tick label needs."""


def curves(source: Source) -> dict[str, list[Panel]]:
    """Figures of curves by their name; curves that share a name are panels of one."""
    figures: dict[str, list[Panel]] = {}
    for result, factor in source.factors("curve"):
        if not factor.pooled:
            figures.setdefault(factor.figure or factor.name, []).append((result, factor))
    return figures


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """A figure of each name that curves share, or of each curve; 0 of a curve that is not logarithmic is the control."""
    figures = curves(source)
    if not figures:
        raise Absent("needs records of a factor whose levels are a curve, as numbers of demonstrations or errors of the calibration")
    for name, found in figures.items():
        lines = -(-len(found) // _across(source, len(found)))
        entries = -(-len({head for result, _ in found for head in result.learned}) // (4 if source.columns == 2 else 2))
        figure = Figure(figsize=(source.width_in, ROW_IN * lines + 0.17 * entries + 0.15), layout="constrained")
        part(figure, source, found)
        yield name, figure


def part(canvas: FigureBase, source: Source, found: Sequence[Panel], legend: bool = True) -> None:
    """As many panels side by side as the page has room for."""
    across = _across(source, len(found))
    panels = canvas.subplots(-(-len(found) // across), across, squeeze=False, sharey=True).ravel()
    for axes in panels[len(found) :]:
        axes.set_visible(False)
    letters = int((source.width_in / across - 0.5) / LETTER_IN)
    for place, (axes, (result, factor)) in enumerate(zip(panels, found, strict=False)):
        _panel(axes, source, result, factor)
        axes.set_xlabel(textwrap.fill(factor.label, letters))
        if place % across == 0:
            axes.set_ylabel("success %")
    heads = [head for head in source.looks if any(head in result.learned for result, _ in found)]
    if legend:
        legend_above(canvas, [key(source.looks[head]) for head in heads], heads, source.width_in)


def _across(source: Source, count: int) -> int:
    """Panels of a row: rows of the same length, three at most on a wide page, two at most in a column."""
    most = 3 if source.columns == 2 else 1 if count < _MANY else 2
    return -(-count // -(-count // most))


def _panel(axes: Axes, source: Source, result: SplitResults, factor: Factor) -> None:
    conditions, logarithmic = levels(result, factor.name), factor.logarithmic
    x = [float(level) for _, level in conditions]
    if not logarithmic and 0 not in x:
        conditions, x = [CONTROL, *conditions], [0.0, *x]
    for i, head in enumerate(result.learned):
        _line(axes, source, result, head, list(zip(x, conditions, strict=True)), i, logarithmic)
    if logarithmic:
        axes.set_xscale("log", base=2)
    shown = [float(f"{place:g}") for place in x]
    labels, last = [], -1.0
    for place in shown:  # a label where the one before leaves room
        fits = logarithmic or place - last >= _LABEL_PART * (shown[-1] - shown[0]) or last < 0
        labels.append(f"{place:g}" if fits else "")
        last = place if fits else last
    axes.set_xticks(x, labels)
    axes.minorticks_off()
    percent_axis(axes)


def _line(
    axes: Axes,
    source: Source,
    result: SplitResults,
    head: str,
    points: Sequence[tuple[float, tuple[str, str]]],
    rank: int,
    logarithmic: bool,
) -> None:
    look, found = source.looks[head], [estimate(result, head, single(condition)) for _, condition in points]
    last = points[-1][0]
    offset = rank - (len(result.learned) - 1) / 2  # heads side by side, or their intervals would hide each other
    x = [place * 1.05**offset if logarithmic else place + 0.012 * last * offset for place, _ in points]
    estimates = [e for e, _ in found]
    axes.errorbar(
        x,
        [e.value for e in estimates],
        bars(estimates),
        color=look.colour,
        marker=look.marker,
        linestyle=look.line,
        elinewidth=0.6,
        capsize=1.5,
    )
    for place, (_, means) in zip(x, found, strict=True):
        spread(axes, place * 1.035 if logarithmic else place + 0.01 * last, means, look.colour)  # beside the mean, not on it
