"""Where on the table objects stood and whether they were placed, from above, seen as the arm sees it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from para_bench.report.figures.source import Absent, Source, factors, pooled, single, words
from para_bench.report.figures.style import BAD, GOOD, PALE, WIDTH_IN, legend_above
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.roster import Group

KEYS = ("object_x_m", "object_y_m")


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
            raise Absent(f"{without} records of split {result.split} hold no {' and '.join(KEYS)} (older than these fields)")
        columns = min(4, len(result.learned))
        rows = -(-len(result.learned) // columns)
        high, wide = np.ptp([[r.extra[key] for key in KEYS] for r in result.records], axis=0)
        panel_in = (WIDTH_IN - 0.5) / columns * min(1.2, (high + 0.02) / (wide + 0.02))
        figure = Figure(figsize=(WIDTH_IN, 0.6 + (panel_in + 0.35) * rows), layout="constrained")
        panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
        for axes in panels.flat[len(result.learned) :]:
            axes.set_visible(False)
        for axes, head in zip(panels.flat, result.learned, strict=False):
            _map(axes, result, head)
            axes.set_title(head, loc="left")
        figure.supxlabel("left and right of the arm, y [cm]", fontsize=7.5)
        figure.supylabel("away from the arm, x [cm]", fontsize=7.5)
        handles = [_dot(True), _dot(False), Patch(color=PALE)]
        names = ["placed by half of the seeds or more", "not placed", f"objects of the control ({words(result.split)})"]
        legend_above(figure, handles, names)
        yield f"table_top_{result.split}", figure


def _moves_object(result: SplitResults) -> bool:
    return any(result.description.factor(factor).moves_object for factor in factors(result))


def _map(axes: Axes, result: SplitResults, head: str) -> None:
    control, _ = _dots(result, head, single(CONTROL))
    low, high = control.min(axis=0), control.max(axis=0)
    axes.add_patch(Rectangle((low[0], low[1]), *(high - low), facecolor=PALE, zorder=0))
    for group in [single(CONTROL), *(pooled(result, factor) for factor in factors(result))]:
        places, shares = _dots(result, head, group)
        for won in (True, False):
            chosen = places[(shares >= 0.5) == won]
            axes.plot(chosen[:, 0], chosen[:, 1], **_look(won))
    axes.set_aspect("equal")
    axes.invert_xaxis()  # y points left


def _dots(result: SplitResults, head: str, group: Group) -> tuple[np.ndarray, np.ndarray]:
    """Object places (N, 2) as y, x [cm], and the share of training seeds that succeeded there (N,)."""
    episodes = [result.roster.episodes[head, member] for member in group.members]
    places = [[100 * r.extra[key] for key in reversed(KEYS)] for scenes in episodes for r in scenes[0]]
    shares = np.concatenate([np.array([[r.success_at_end for r in scene] for scene in scenes]).mean(axis=0) for scenes in episodes])
    return np.array(places), shares


def _look(won: bool) -> dict:
    if won:
        return {"color": GOOD, "marker": "o", "linestyle": "", "markersize": 2.6, "markeredgewidth": 0}
    return {"color": BAD, "marker": "x", "linestyle": "", "markersize": 2.8, "markeredgewidth": 0.8}


def _dot(won: bool) -> Line2D:
    return Line2D([], [], **_look(won))
