"""Success by condition: a point a head with its interval, and the head's own control as a bar beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from para_bench.report.figures.source import Absent, Source, control_estimate, estimate, factors, numbered, point, words
from para_bench.report.figures.style import LINE_IN, key, legend_above, legend_in, percent_axis_across, shade_floor
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.levels import levels, pooled, single
from para_bench.report.looks import BLACK, PALE, Look
from para_bench.report.roster import Group
from para_bench.report.statistics.floors import FLOOR

SLOT_IN = 0.082
"""Height of a head's point."""
_GAP = 0.9
"""Slots between two rows."""
_LETTERS = 19
"""Letters in a line of a row's name."""
_PAGE_IN = 9.0
_MARKS = ("its control in the same scenes", f"floor, below {100 * FLOOR:g} %")
_ONE_PANEL = 16
"""More slots than this stand in two panels side by side on a wide page."""


class Row(NamedTuple):
    """One condition: a slot for each head that was run in it."""

    result: SplitResults
    group: Group
    name: str
    heads: tuple[str, ...]

    @property
    def slots(self) -> float:
        """Height in slots, with room for its name."""
        return max(len(self.heads), (1 + self.name.count("\n")) * LINE_IN / SLOT_IN) + _GAP


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One figure, or several where the rows do not fit a page.

    A split's factors are pooled over their levels; a curve that may not be pooled has its own figure alone.
    """
    found = rows(source)
    if not found:
        raise Absent("needs records of a trained head in a condition other than demonstrations and calibration")
    for number, page in enumerate(_pages(source, found)):
        figure = Figure(figsize=(source.width_in, height_in(source, page)), layout="constrained")
        part(figure, source, page)
        yield numbered("success_by_split", number), figure


def rows(source: Source) -> list[Row]:
    """Every condition of every split, in order."""
    looks, found = source.looks, []
    for result in source.results:
        here = tuple(head for head in looks if head in result.learned)
        for group in _groups(result) if here else ():
            name = _name(result, group)
            if len(here) < len(looks):
                name += f"\n{len(looks) - len(here)} of {len(looks)} heads not run"
            found.append(Row(result, group, name, here))
    return found


def height_in(source: Source, found: Sequence[Row], legend: bool = True) -> float:
    """Height of the figure with its legend: of the marks, and of the heads too where `legend` is true."""
    tallest = max(sum(row.slots for row in panel) for panel in _panels(source, found))
    return SLOT_IN * tallest + 0.6 + legend_in([*(source.looks if legend else ()), *_MARKS], source.width_in)


def part(canvas: FigureBase, source: Source, found: Sequence[Row], legend: bool = True) -> None:
    """Draw the rows into a figure or a part of one; without `legend`, the heads have theirs elsewhere."""
    panels, looks = _panels(source, found), source.looks
    tallest = max(sum(row.slots for row in panel) for panel in panels)
    for axes, panel in zip(canvas.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        top, ticks = 0.0, []
        shade_floor(axes)
        for row in panel:
            middle = top + row.slots / 2
            ticks.append(middle)
            for place, head in enumerate(row.heads):
                _row_point(axes, row, head, looks[head], middle + place - (len(row.heads) - 1) / 2)
            top += row.slots
            if row is not panel[-1]:
                axes.axhline(top, color=PALE, linewidth=0.5)
        axes.set_yticks(ticks, [row.name for row in panel])
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(tallest, 0)
        percent_axis_across(axes)
        axes.set_xlabel("success %")
        if top < tallest:  # the shorter panel ends where its rows end
            axes.spines["left"].set_bounds(0, top)
    heads = {head: key(look) for head, look in looks.items()} if legend else {}
    marks = dict(zip(_MARKS, (Line2D([], [], color=BLACK, linestyle="", marker="|", markersize=6), Patch(color=PALE)), strict=True))
    legend_above(canvas, [*heads.values(), *marks.values()], [*heads, *marks], source.width_in)


def _row_point(axes: Axes, row: Row, head: str, look: Look, y: float) -> None:
    found, _ = estimate(row.result, head, row.group)
    if row.group.condition != CONTROL[0] and (beside := control_estimate(row.result, head, row.group.members)):
        control = beside[0].value
        axes.plot([control, found.value], [y, y], color=look.colour, linewidth=0.6, alpha=0.6, linestyle=(0, (1, 1)))
        axes.plot(control, y, color=look.colour, marker="|", markersize=5, markeredgewidth=1.1)
    point(axes, found, look, y)


def _pages(source: Source, found: Sequence[Row]) -> list[list[Row]]:
    """In order; a page holds as many rows as fit."""
    pages: list[list[Row]] = [[]]
    for row in found:
        if pages[-1] and height_in(source, [*pages[-1], row]) > _PAGE_IN:
            pages.append([])
        pages[-1].append(row)
    return pages


def _panels(source: Source, found: Sequence[Row]) -> list[list[Row]]:
    """All rows below each other, or in two panels of about the same height on a wide page."""
    total = sum(row.slots for row in found)
    if source.columns == 1 or total < _ONE_PANEL or len(found) < 2:
        return [list(found)]
    ends = [sum(row.slots for row in found[:i]) for i in range(1, len(found))]
    end = 1 + min(range(len(ends)), key=lambda i: max(ends[i], total - ends[i]))
    return [list(found[:end]), list(found[end:])]


def _groups(result: SplitResults) -> list[Group]:
    if not factors(result):
        return [single(CONTROL)]
    found: list[Group] = []
    for factor in map(result.description.factor, factors(result)):
        if factor.kind == "curve" and not factor.pooled:
            continue
        found += (
            [pooled(result.expected, factor.name)] if factor.pooled else [single(level) for level in levels(result.expected, factor.name)]
        )
    return found


def _name(result: SplitResults, group: Group) -> str:
    factor = result.description.factor(group.condition)
    several = len(_groups(result)) > 1 or factor.kind == "map"
    name = words(group.condition) if factor.pooled else factor.words(group.level)
    levels_told = f", {len(group.members)} levels" if factor.kind == "curve" and len(group.members) > 1 else ""
    text = words(result.split) + (f": {name}{levels_told}" if several else "")
    return "\n".join(textwrap.wrap(text, _LETTERS, break_long_words=False))
