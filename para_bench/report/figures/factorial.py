"""A declared suite as one figure: how its heads differ, how often each succeeds, and the declared contrasts between them."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.lines import Line2D

from para_bench.report.figures.source import Absent, Declared, Source, estimate, factors, point, words
from para_bench.report.figures.style import FONT_PT, keep_within, legend_above, percent_axis_across, shade_floor
from para_bench.report.inventory import SplitResults
from para_bench.report.levels import pooled
from para_bench.report.looks import BLACK, GREY
from para_bench.report.statistics.floors import FLOOR_MARK
from para_bench.report.tables.contrasts import NOT_RUN, UNTESTED, contrast_table

_HEAD_IN, _ONE_LINE_IN, _TWO_LINES_IN = 0.17, 0.17, 0.3
"""Heights of a head's row and of a contrast's row in one or two lines."""
_NAMES_IN = 1.75
"""Height of the names over the columns and panels, with the axis below."""
_REST_IN = {1: 1.4, 2: 1.0}
"""Height of panel names, axis and legend of the contrasts, by the columns of the page."""
NO_SHIFT = "no shift (id)"


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One figure for each declared suite with records of all its heads."""
    lacking = "needs a suite that declared its contrasts"
    for declared in source.declared:
        if reason := source.lacks(declared):
            lacking = reason
            continue
        figure = Figure(figsize=(source.width_in, height_in(source, declared)), layout="constrained")
        part(figure, source, declared)
        yield declared.suite, figure
        lacking = ""
    if lacking:
        raise Absent(lacking)


def height_in(source: Source, declared: Declared, asks: bool = True) -> float:
    """Height of the figure."""
    return sum(_heights(source, declared, asks))


def _heights(source: Source, declared: Declared, asks: bool) -> tuple[float, float]:
    pairs = len(dict.fromkeys((wanted.first, wanted.second) for wanted in declared.contrasts))
    contrast = _TWO_LINES_IN if asks or source.columns == 1 else _ONE_LINE_IN
    return _HEAD_IN * len(declared.heads) + _NAMES_IN, contrast * pairs + _REST_IN[source.columns]


def part(canvas: FigureBase, source: Source, declared: Declared, asks: bool = True) -> None:
    """Draw one declared suite into a figure or a part of one; `asks` writes what each contrast asks above its heads."""
    above, below = canvas.subfigures(2, 1, squeeze=False, height_ratios=_heights(source, declared, asks))[:, 0]
    _heads(above, source, declared)
    _contrasts(below, source, declared, asks)


def _heads(canvas: FigureBase, source: Source, declared: Declared) -> None:
    """A row a head: a dot a column, then success in each condition."""
    by_split, rows = {result.split: result for result in source.results}, len(declared.heads)
    narrow = source.columns == 1
    widths = [(0.2 if narrow else 0.45) * len(declared.columns), *[0.55 if narrow else 1.45] * len(declared.conditions)]
    design, *panels = canvas.subplots(1, len(widths), width_ratios=widths, sharey=True)
    for place, (name, (first, *others)) in enumerate(declared.columns.items()):
        for y, head in enumerate(declared.heads):
            filled = declared.heads[head][name] == first
            design.plot(
                place, y, marker="o", markersize=4.5, color=BLACK if filled else "white", markeredgecolor=BLACK, markeredgewidth=0.7
            )
        text = f"{name}: {first}" + ("" if narrow else f"\n(open: {' or '.join(others)})")
        design.annotate(text, (place, 0), (0, 10), textcoords="offset points", rotation=90, ha="center", va="bottom", fontsize=FONT_PT)
    if narrow:
        design.set_xlabel("filled: as named\nopen: another", fontsize=FONT_PT)
    design.set_xlim(-0.6, len(declared.columns) - 0.4)
    design.set_xticks([])
    design.set_yticks(range(rows), list(declared.heads))
    design.tick_params(length=0)
    design.set_ylim(rows - 0.4, -0.6)
    design.spines[:].set_visible(False)
    for axes, (split, factor) in zip(panels, declared.conditions, strict=True):
        result = by_split.get(split)
        shade_floor(axes)
        for y, head in enumerate(declared.heads):
            if result is None or head not in result.learned or not _tested(result, factor):
                axes.text(0.5, y, NOT_RUN, ha="center", va="center", fontsize=FONT_PT, color=GREY)
            else:
                point(axes, estimate(result, head, pooled(result.expected, factor))[0], source.looks[head], y, size=4)
        percent_axis_across(axes, 100 if narrow else 25)
        keep_within(axes)
        name = NO_SHIFT if factor == "id" else words(split) if narrow else textwrap.fill(_title(split, factor), 22)
        axes.annotate(
            name,
            (0.5, -0.6),
            (0, 4),
            textcoords="offset points",
            rotation=90 if narrow else 0,
            ha="center",
            va="bottom",
            fontsize=FONT_PT,
            annotation_clip=False,
        )
        axes.tick_params(axis="y", length=0)
    canvas.supxlabel("success %   (shaded: floor, below 10 %)", fontsize=FONT_PT)


def _contrasts(canvas: FigureBase, source: Source, declared: Declared, asks: bool) -> None:
    """A row a contrast: difference of rates in each condition, filled where the declared test resolves it."""
    table = contrast_table({result.split: result for result in source.results}, declared.contrasts, declared.alpha, declared.floor)
    pairs = list(dict.fromkeys(zip(table["head"], table["other"], table["asks"], strict=True)))
    panels = canvas.subplots(1, len(declared.conditions), sharey=True, squeeze=False)[0]
    reach = 100 * max([0.1, *(abs(v) for name in ("low", "high") for v in table[name] if not math.isnan(v))])
    reach = next(size for size in (25, 50, 100, 200) if size >= reach - 1) / 100
    for axes, (split, factor) in zip(panels, declared.conditions, strict=True):
        here = [row for row in table.to_dict("records") if (row["split"], row["factor"]) == (split, factor)]
        axes.axvline(0, color=GREY, linewidth=0.6)
        for row in here:
            _difference(axes, row, pairs.index((row["head"], row["other"], row["asks"])))
        axes.set_xlim(-1.08 * reach, 1.08 * reach)
        if source.columns == 1:
            axes.set_xticks([-reach / 2, 0, reach / 2], [f"{-50 * reach:+.0f}", "", f"{50 * reach:+.0f}"])
        else:
            axes.set_xticks([-reach, 0, reach], [f"{-100 * reach:+.0f}", "0", f"{100 * reach:+.0f}"])
            keep_within(axes)
        axes.set_ylim(len(pairs) - 0.4, -0.6)
        axes.set_yticks(range(len(pairs)), [_pair(*pair, source.columns == 1, asks) for pair in pairs])
        axes.tick_params(axis="y", length=0)
        name = NO_SHIFT if factor == "id" else words(split)
        axes.set_title(textwrap.fill(name, 11 if source.columns == 1 else 22), fontsize=FONT_PT)
    canvas.supxlabel("difference of success, first head minus second [points]", fontsize=FONT_PT)
    marks = [Line2D([], [], linestyle="-", marker="o", **_mark(kind)) for kind in ("resolved", "", FLOOR_MARK)]
    names = [f"resolved (Holm over {len(table)})", "not resolved", f"floor: both heads below {100 * declared.floor:g} % on id"]
    legend_above(canvas, marks, names, source.width_in)


def _difference(axes: Axes, row: dict, y: int) -> None:
    if row["left_out"] in UNTESTED:
        axes.text(0, y, row["left_out"], ha="center", va="center", fontsize=FONT_PT, color=GREY, backgroundcolor="white")
        return
    kind = FLOOR_MARK if row["left_out"] else "resolved" if row["verdict"] in ("better", "worse") else ""
    reach = [[row["difference"] - row["low"]], [row["high"] - row["difference"]]]
    axes.errorbar(row["difference"], y, xerr=reach, marker="o", capsize=1.5, elinewidth=0.9, **_mark(kind))


def _mark(kind: str) -> dict:
    colour = GREY if kind == FLOOR_MARK else BLACK
    return {"color": colour, "markerfacecolor": colour if kind == "resolved" else "white", "markersize": 4, "linewidth": 0.9}


def _pair(first: str, second: str, asked: str, narrow: bool, asks: bool) -> str:
    if narrow:
        return f"{first}\n\N{MINUS SIGN} {second}"
    names = f"{first} \N{MINUS SIGN} {second}"
    return f"{textwrap.shorten(asked, 60, placeholder=' ...')}\n{names}" if asks else names


def _tested(result: SplitResults, factor: str) -> bool:
    return factor == "id" or factor in factors(result)


def _title(split: str, factor: str) -> str:
    return words(split) if factor == split or words(factor) in words(split) else f"{words(split)} ({words(factor)})"
