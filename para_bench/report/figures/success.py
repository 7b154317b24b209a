"""Success by split: a bar a head, its interval, a dot a training seed, and the control on the same scenes."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from para_bench.report.figures.source import Absent, Source, bars, estimate, factors, pooled, single, words
from para_bench.report.figures.style import BLACK, WIDTH_IN, legend_above, percent_axis, spread
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.roster import Group

CURVES = ("demos_random", "demos_grid", "calibration_rotation", "calibration_translation")
"""Factors whose levels mean nothing when pooled; they have figures of their own."""
_BARS_A_LINE = 26


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One figure. A split's factors are pooled over their levels; `view_angle` is left to its curve where there is a view grid."""
    groups = [(result, group) for result in source.results if result.learned for group in _groups(result)]
    if not groups:
        raise Absent("needs records of a trained head in a condition other than demonstrations and calibration")
    heads = source.looks
    a_line = max(2, _BARS_A_LINE // max(1, len(heads)))
    lines = [groups[i : i + a_line] for i in range(0, len(groups), a_line)]
    figure = Figure(figsize=(WIDTH_IN, 0.5 + 1.35 * len(lines)), layout="constrained")
    panels = figure.subplots(len(lines), 1, squeeze=False)[:, 0]
    for axes, line in zip(panels, lines, strict=True):
        for x, (result, group) in enumerate(line):
            width = 0.8 / len(heads)
            for i, (head, look) in enumerate(heads.items()):
                if head in result.learned:
                    place = x + (i - (len(heads) - 1) / 2) * width
                    found, means = estimate(result, head, group)
                    axes.bar(place, found.value, 0.9 * width, color=look.colour, alpha=0.85)
                    axes.errorbar(place, found.value, bars([found]), color=BLACK, linewidth=0.7, capsize=1.5, capthick=0.6)
                    spread(axes, place, means, look.colour, 0.5 * width)
                    if group.condition != CONTROL[0]:
                        control = estimate(result, head, single(CONTROL))[0].value
                        axes.hlines(
                            control, place - 0.45 * width, place + 0.45 * width, color=BLACK, linewidth=0.9, linestyle=(0, (1, 0.8))
                        )
        axes.set_xticks(range(len(line)), [_name(result, group) for result, group in line])
        axes.set_xlim(-0.5, a_line - 0.5 if len(lines) > 1 else len(line) - 0.5)
        axes.tick_params(axis="x", length=0)
        axes.set_ylabel("success %")
        percent_axis(axes)
    handles = [Patch(color=look.colour, alpha=0.85) for look in heads.values()]
    legend_above(figure, [*handles, Line2D([], [], color=BLACK, linewidth=0.9, linestyle=(0, (1, 0.8)))], [*heads, "its control"])
    yield "success_by_split", figure


def _groups(result: SplitResults) -> list[Group]:
    if not factors(result):
        return [single(CONTROL)]
    found = [factor for factor in factors(result) if factor not in CURVES]
    return [pooled(result, factor) for factor in found if factor != "view_angle" or "view_grid" not in found]


def _name(result: SplitResults, group: Group) -> str:
    several = len(_groups(result)) > 1 or (group.condition == "view_grid")
    name = words(result.split).replace(" ", "\n", 1) if len(result.split) > 13 else words(result.split)
    return name + (f"\n({words(group.condition)})" if several else "")
