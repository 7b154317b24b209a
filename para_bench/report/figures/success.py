"""Success by split: a bar a head, its interval, a dot a training seed, and the control on the same scenes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from para_bench.report.figures.source import Absent, Source, bars, estimate, factors, levels, pooled, single, words
from para_bench.report.figures.style import BLACK, WIDTH_IN, legend_above, percent_axis, spread
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.roster import Group

_LINE_WIDTH = 34
"""Bars, and the gaps of a bar and a half between groups, that fit a line."""
_GAP = 1.5
Bars = tuple[SplitResults, Group]
"""A bar for each head that a split has."""


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One figure. A split's factors are pooled over their levels; a curve is left to its own figure where the split has a map."""
    groups = [(result, group) for result in source.results if result.learned for group in _groups(result)]
    if not groups:
        raise Absent("needs records of a trained head in a condition other than demonstrations and calibration")
    heads = source.looks
    lines = _lines(groups)
    figure = Figure(figsize=(WIDTH_IN, 0.5 + 1.35 * len(lines)), layout="constrained")
    panels = figure.subplots(len(lines), 1, squeeze=False)[:, 0]
    widest = max(_width(line) for line in lines)
    for axes, line in zip(panels, lines, strict=True):
        ticks, left = [], _GAP / 2
        for result, group in line:
            here = [head for head in heads if head in result.learned]
            ticks.append(left + (_span(result) - 1) / 2)
            for i, head in enumerate(here):
                place = ticks[-1] + i - (len(here) - 1) / 2
                found, means = estimate(result, head, group)
                axes.bar(place, found.value, 0.9, **heads[head].bar)
                axes.errorbar(place, found.value, bars([found]), color=BLACK, linewidth=0.7, capsize=1.5, capthick=0.6)
                spread(axes, place, means, BLACK, 0.5)
                if group.condition != CONTROL[0]:
                    control = estimate(result, head, single(CONTROL))[0].value
                    axes.hlines(control, place - 0.45, place + 0.45, color=BLACK, linewidth=0.9, linestyle=(0, (1, 0.8)))
            left += _span(result) + _GAP
        axes.set_xticks(ticks, [_name(result, group) for result, group in line])
        axes.set_xlim(-0.5, widest - 0.5)
        axes.tick_params(axis="x", length=0)
        axes.set_ylabel("success %")
        percent_axis(axes)
    handles = [Patch(**look.bar) for look in heads.values()]
    legend_above(figure, [*handles, Line2D([], [], color=BLACK, linewidth=0.9, linestyle=(0, (1, 0.8)))], [*heads, "its control"])
    yield "success_by_split", figure


def _lines(groups: Sequence[Bars]) -> list[list[Bars]]:
    """As many as fit, one line after the other."""
    lines: list[list[Bars]] = [[]]
    for group in groups:
        if lines[-1] and _width([*lines[-1], group]) > _LINE_WIDTH:
            lines.append([])
        lines[-1].append(group)
    return lines


def _width(line: Sequence[Bars]) -> float:
    return sum(_span(result) + _GAP for result, _ in line)


def _span(result: SplitResults) -> int:
    """Bars for which a group gets room: its name below wants that of four."""
    return max(4, len(result.learned))


def _groups(result: SplitResults) -> list[Group]:
    if not factors(result):
        return [single(CONTROL)]
    found: list[Group] = []
    about = [result.description.factor(factor) for factor in factors(result)]
    maps = any(factor.kind == "map" for factor in about)
    for factor in about:
        if factor.kind == "curve" and (maps or not factor.pooled):
            continue
        found += [pooled(result, factor.name)] if factor.pooled else [single(level) for level in levels(result, factor.name)]
    return found


def _name(result: SplitResults, group: Group) -> str:
    factor = result.description.factor(group.condition)
    several = len(_groups(result)) > 1 or factor.kind == "map"
    name = words(result.split).replace(" ", "\n", 1) if len(result.split) > 13 else words(result.split)
    level = f" {group.level}" if not factor.pooled else ""
    return name + (f"\n({words(group.condition)}{level})" if several else "")
