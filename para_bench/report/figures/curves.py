"""Success against the level of a factor: number of demonstrations, errors of the calibration."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase

from para_bench.records.factors import Factor
from para_bench.report.figures.source import Absent, Source, bars, control_estimate, estimate, words
from para_bench.report.figures.style import LETTER_IN, key, legend_above, legend_in, percent_axis, spread
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.levels import levels, single
from para_bench.report.roster import ConditionKey

Panel = tuple[SplitResults, Factor]
ROW_IN = 2.0
_MANY = 4
"""Panels that are narrow in a column, so that they fit a page."""
_LABEL_PART = 0.09
"""Share of the axis that a tick label needs."""
_STEP_PART, _GAP_PART = 0.015, 0.7
"""From head to head at one level: a share of the axis, at most; and of the gap between two levels for all heads."""
_DOTS_RANK = 0.4
"""Dots of trainings stand beside their head's mean, before the next head's interval."""


def curves(source: Source) -> dict[str, list[Panel]]:
    """Figures of curves by their name; curves that share a name are panels of one."""
    figures: dict[str, list[Panel]] = {}
    for result, factor in source.factors("curve"):
        if not factor.pooled:
            figures.setdefault(factor.figure or factor.name, []).append((result, factor))
    return figures


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """A figure of each name that curves share, or of each curve; the control stands in its place on one that is not logarithmic."""
    figures = curves(source)
    if not figures:
        raise Absent("needs records of a factor whose levels are a curve, as numbers of demonstrations or errors of the calibration")
    for name, found in figures.items():
        lines = -(-len(found) // _across(source, len(found)))
        height = ROW_IN * lines + legend_in(_heads(source, found), source.width_in) + 0.3
        figure = Figure(figsize=(source.width_in, height), layout="constrained")
        part(figure, source, found)
        yield name, figure


def part(canvas: FigureBase, source: Source, found: Sequence[Panel], legend: bool = True) -> None:
    """As many panels side by side as the page has room for."""
    across = _across(source, len(found))
    panels = canvas.subplots(-(-len(found) // across), across, squeeze=False, sharey=True).ravel()
    for axes in panels[len(found) :]:
        axes.set_visible(False)
    letters = int((canvas.get_window_extent().width / canvas.figure.dpi / across - 0.5) / LETTER_IN)
    for place, (axes, (result, factor)) in enumerate(zip(panels, found, strict=False)):
        _panel(axes, source, result, factor)
        if not place or result.split != found[place - 1][0].split:
            why = no_half(result, factor)
            title = words(result.split) + (f"; no half of control: {why}" if why else "")
            axes.set_title(textwrap.fill(title, letters), loc="left")
        axes.set_xlabel(textwrap.fill(factor.label, letters))
        if place % across == 0:
            axes.set_ylabel("success %")
    heads = _heads(source, found)
    if legend:
        legend_above(canvas, [key(source.looks[head]) for head in heads], heads, source.width_in)


def _heads(source: Source, found: Sequence[Panel]) -> list[str]:
    return [head for head in source.looks if any(head in result.learned for result, _ in found)]


def _across(source: Source, count: int) -> int:
    """Panels of a row: rows of the same length, three at most on a wide page, two at most in a column."""
    most = 3 if source.columns == 2 else 1 if count < _MANY else 2
    return -(-count // -(-count // most))


def _panel(axes: Axes, source: Source, result: SplitResults, factor: Factor) -> None:
    points = places(result, factor)
    x = [place for place, _ in points]
    at = beside(x, len(result.learned), factor.logarithmic)
    for rank, head in enumerate(result.learned):
        _line(axes, source, result, head, points, at, rank)
    if factor.logarithmic:
        axes.set_xscale("log", base=2)
    labels, last = [], None
    for place in x:  # a label where the one before leaves room
        fits = factor.logarithmic or last is None or place - last >= _LABEL_PART * (x[-1] - x[0])
        labels.append(f"{place:g}" if fits else "")
        last = place if fits else last
    axes.set_xticks(x, labels)
    axes.minorticks_off()
    percent_axis(axes)


def places(result: SplitResults, factor: Factor) -> list[tuple[float, ConditionKey]]:
    """Levels along the axis, ascending, among them the control where no level stands in its place; a logarithmic axis has none of it."""
    found = [(float(level[1]), level) for level in levels(result.expected, factor.name)]
    if factor.logarithmic:
        return sorted(point for point in found if point[0] > 0)
    if all(place != factor.control_at for place, _ in found):
        found.append((factor.control_at, CONTROL))
    return sorted(found)


def beside(x: Sequence[float], heads: int, logarithmic: bool) -> Callable[[float, float], float]:
    """Where a head's point stands that is so many ranks right of a level: heads side by side, or their intervals would hide each other."""
    along = np.log2(x) if logarithmic else np.array(x)
    step = min([_STEP_PART * np.ptp(along), *(_GAP_PART * np.diff(along) / heads)])
    return lambda place, ranks: float(place * 2 ** (step * ranks) if logarithmic else place + step * ranks)


def no_half(result: SplitResults, factor: Factor) -> str:
    """Why a factor that is no curve of doses has no half of its control; nothing where it could have one or has no control."""
    if factor.logarithmic:
        return ""
    here = levels(result.expected, factor.name)
    tested, control = (min(len(result.expected.indices(level)) for level in some) for some in (here, [CONTROL]))
    if any(float(level) < factor.control_at for _, level in here):
        return "two-sided"
    return f"levels on {tested} of {control} scenes" if tested < control else ""


def _line(
    axes: Axes,
    source: Source,
    result: SplitResults,
    head: str,
    points: Sequence[tuple[float, ConditionKey]],
    at: Callable[[float, float], float],
    rank: int,
) -> None:
    look, tested, known = source.looks[head], [condition for _, condition in points if condition != CONTROL], []
    for place, condition in points:
        found = control_estimate(result, head, tested) if condition == CONTROL else estimate(result, head, single(condition))
        known += [(place, found)] if found else []
    ranks = rank - (len(result.learned) - 1) / 2
    estimates = [e for _, (e, _) in known]
    axes.errorbar(
        [at(place, ranks) for place, _ in known],
        [e.value for e in estimates],
        bars(estimates),
        color=look.colour,
        marker=look.marker,
        linestyle=look.line,
        elinewidth=0.6,
        capsize=1.5,
    )
    for place, (_, means) in known:
        spread(axes, at(place, ranks + _DOTS_RANK), means, look.colour)
