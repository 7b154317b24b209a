"""Success against the level of a factor: number of demonstrations, errors of the calibration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from para_bench.records.factors import Factor
from para_bench.report.figures.source import Absent, Source, bars, estimate, levels, single
from para_bench.report.figures.style import HALF_WIDTH_IN, WIDTH_IN, legend_above, percent_axis, spread
from para_bench.report.inventory import CONTROL, SplitResults

Panel = tuple[SplitResults, Factor]


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """A figure of each name that curves share, or of each curve; 0 of a curve that is not logarithmic is the control."""
    figures: dict[str, list[Panel]] = {}
    for result, factor in source.factors("curve"):
        if not factor.pooled:
            figures.setdefault(factor.figure or factor.name, []).append((result, factor))
    if not figures:
        raise Absent("needs records of a factor whose levels are a curve, as numbers of demonstrations or errors of the calibration")
    for name, found in figures.items():
        yield name, _draw(source, found)


def _draw(source: Source, found: list[Panel]) -> Figure:
    width = HALF_WIDTH_IN if len(found) == 1 else WIDTH_IN
    figure = Figure(figsize=(width, 2.4), layout="constrained")
    panels = figure.subplots(1, len(found), squeeze=False, sharey=True)[0]
    for axes, (result, factor) in zip(panels, found, strict=True):
        conditions, logarithmic = levels(result, factor.name), factor.logarithmic
        x = [float(level) for _, level in conditions]
        if not logarithmic and 0 not in x:
            conditions, x = [CONTROL, *conditions], [0.0, *x]
        for i, head in enumerate(result.learned):
            _line(axes, source, result, head, [(place, c) for place, c in zip(x, conditions, strict=True)], i, logarithmic)
        if logarithmic:
            axes.set_xscale("log", base=2)
        axes.set_xticks(x, [f"{place:g}" for place in x])
        axes.minorticks_off()
        axes.set_xlabel(factor.label)
        percent_axis(axes)
    panels[0].set_ylabel("success %")
    heads = [head for head in source.looks if any(head in result.learned for result, _ in found)]
    looks = [source.looks[head] for head in heads]
    legend_above(figure, [Line2D([], [], color=k.colour, marker=k.marker, linestyle=k.line) for k in looks], heads)
    return figure


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
