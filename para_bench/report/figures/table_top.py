"""Where on the table objects stood and whether they were placed, from above, seen as the arm sees it: a panel a head and condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from para_bench.report.figures.source import Absent, Source, factors, numbered, pages, words
from para_bench.report.figures.style import BAD, FONT_PT, GOOD, legend_above, wrapped
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.levels import levels, single
from para_bench.report.looks import PALE
from para_bench.report.roster import Group

KEYS = ("object_x_m", "object_y_m")
_MOST = 3
"""Conditions beside each other; each has its own panels, so that dots do not hide each other."""
_ROWS_IN = 7.8
"""Height that rows of panels may take of a page."""
_BLOCKS_IN = 0.95
"""Where a panel can be as wide as this, two blocks of heads stand side by side."""


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One figure a split that moves objects; without any, the first split.

    Shaded: the box that holds the objects of the control, whose scenes are like training.
    """
    trained = [result for result in source.results if result.learned]
    chosen = [result for result in trained if _moves_object(result)] or trained[:1]
    if not chosen:
        raise Absent("needs records of a trained head")
    for result in chosen:
        without = sum(any(key not in r.extra for key in KEYS) for r in result.records)
        if without:
            why = "older records, or a task that does not measure them"
            raise Absent(f"{without} records of split {result.split} hold no {' and '.join(KEYS)} ({why})")
        shown, width = _conditions(result), source.width_in - 0.45
        blocks = 2 if len(result.learned) > 3 and width / (2 * len(shown)) >= _BLOCKS_IN else 1
        high, wide = np.ptp([[r.extra[key] for key in KEYS] for r in result.records], axis=0)
        panel_in = min(width / (blocks * len(shown)), 2.2) * min(1.2, (high + 0.02) / (wide + 0.02))
        for page, heads in enumerate(pages(result.learned, blocks * int(_ROWS_IN / (panel_in + 0.22)))):
            yield numbered(f"table_top_{result.split}", page), _draw(source, result, heads, shown, blocks, panel_in)


def _draw(source: Source, result: SplitResults, heads: Sequence[str], shown: list[Group], blocks: int, panel_in: float) -> Figure:
    rows, columns = -(-len(heads) // blocks), blocks * len(shown)
    figure = Figure(figsize=(source.width_in, 1.15 + (panel_in + 0.22) * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for i, axes in enumerate(panels.flat):
        row, block, condition = i // columns, i % columns // len(shown), i % len(shown)
        place, name = row + block * rows, wrapped(_name(result, shown[condition]), 16)
        if place >= len(heads):  # one head fewer than places: the names of the conditions stand where its panels would
            axes.axis("off")
            axes.text(0.5, 1.0, name, transform=axes.transAxes, ha="center", va="top", fontsize=FONT_PT)
            continue
        _map(axes, result, heads[place], shown[condition])
        if not condition:
            axes.set_title(heads[place], loc="left", fontsize=FONT_PT)
        if row == rows - 1:
            axes.set_xlabel(name, fontsize=FONT_PT)
    figure.supxlabel("left and right of the arm, y [cm]", fontsize=7.5)
    figure.supylabel("away from the arm, x [cm]", fontsize=7.5)
    dots = Line2D([], [], **_look(True)), Line2D([], [], **_look(False))
    names = ["placed by half of the seeds or more", "not placed", f"objects of the control ({words(result.split)})"]
    legend_above(figure, [*dots, Patch(color=PALE)], names, source.width_in)
    return figure


def _conditions(result: SplitResults) -> list[Group]:
    """The control, then the last level of each factor (of a map none): the farthest of a curve, else that which is declared last."""
    found = [single(CONTROL)]
    for factor in factors(result):
        about = result.description.factor(factor)
        if about.kind != "map" and len(found) < _MOST:
            found.append(single(levels(result.expected, factor)[-1]))
    return found


def _name(result: SplitResults, group: Group) -> str:
    return "control" if group.condition == CONTROL[0] else result.description.factor(group.condition).words(group.level)


def _moves_object(result: SplitResults) -> bool:
    return any(result.description.factor(factor).moves_object for factor in factors(result))


def _map(axes: Axes, result: SplitResults, head: str, group: Group) -> None:
    control, _ = _dots(result, head, single(CONTROL))
    low, high = control.min(axis=0), control.max(axis=0)
    axes.add_patch(Rectangle((low[0], low[1]), *(high - low), facecolor=PALE, zorder=0))
    places, shares = _dots(result, head, group)
    for won in (True, False):
        chosen = places[(shares >= 0.5) == won]
        axes.plot(chosen[:, 0], chosen[:, 1], **_look(won))
    axes.set_aspect("equal")
    if not axes.xaxis_inverted():  # y points left; panels share the axis
        axes.invert_xaxis()
    for ticks, key in ((axes.set_yticks, KEYS[0]), (axes.set_xticks, KEYS[1])):
        ticks(_round_ends([100 * r.extra[key] for r in result.records]))


def _round_ends(values: Sequence[float]) -> list[int]:
    """Two ticks in steps of 5 cm near the ends, so that they leave room for each other; one where the values lie closer."""
    low, high = int(-(-min(values) // 5) * 5), int(max(values) // 5 * 5)
    return [low, high] if low < high else [round(min(values))]


def _dots(result: SplitResults, head: str, group: Group) -> tuple[np.ndarray, np.ndarray]:
    """Object places (N, 2) as y, x [cm], and the share of training seeds that succeeded there (N,)."""
    episodes = [result.roster.episodes[head, member] for member in group.members]
    places = [[100 * r.extra[key] for key in reversed(KEYS)] for scenes in episodes for r in scenes[0]]
    shares = np.concatenate([np.array([[r.success_at_end for r in scene] for scene in scenes]).mean(axis=0) for scenes in episodes])
    return np.array(places), shares


def _look(won: bool) -> dict:
    if won:
        return {"color": GOOD, "marker": "o", "linestyle": "", "markersize": 2.2, "markeredgewidth": 0}
    return {"color": BAD, "marker": "x", "linestyle": "", "markersize": 2.4, "markeredgewidth": 0.7}
