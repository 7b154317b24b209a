"""The map of test views: success in each azimuth x elevation cell, a panel a head."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from matplotlib.figure import Figure

from para_bench.report.figures.source import Absent, Source, single, words
from para_bench.report.figures.style import BLACK, RATE_MAP, WIDTH_IN, two_lines
from para_bench.report.inventory import SplitResults

FACTOR = "view_grid"
_CELL = re.compile(r"a(\d+)e(\d+)")


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One figure a split that has such a map."""
    found = list(source.with_factor(FACTOR))
    if not found:
        raise Absent(f"needs records of condition {FACTOR}")
    for result, _ in found:
        columns = min(4, len(result.learned))
        rows = -(-len(result.learned) // columns)
        side = min(2.0, (WIDTH_IN - 0.75) / columns)
        title = 0.28 if any("\n" in two_lines(head) for head in result.learned) else 0.14
        figure = Figure(figsize=(side * columns + 0.75, (side + title) * rows + 0.2), layout="constrained")
        panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
        for axes in panels.flat[len(result.learned) :]:
            axes.set_visible(False)
        for axes, head in zip(panels.flat, result.learned, strict=False):
            wins, counts = cells(result, head)
            rates = np.where(counts > 0, wins / np.maximum(counts, 1), np.nan)
            image = axes.imshow(rates.T, cmap=RATE_MAP, vmin=0, vmax=1, origin="lower", interpolation="nearest")
            for (a, e), n in np.ndenumerate(counts):
                if n:
                    strong = abs(rates[a, e] - 0.5) > 0.35
                    axes.text(
                        a, e, f"{wins[a, e]}/{n}", ha="center", va="center", fontsize=3.4 if n > 9 else 4.4, color="w" if strong else BLACK
                    )
            axes.set_title(f"{two_lines(head)}  {wins.sum()}/{counts.sum()}", loc="left")
            for spine in axes.spines.values():
                spine.set_visible(False)
            axes.tick_params(length=0)
            _ticks(axes, counts.shape, source.grid_half_deg)
        unit = "[deg]" if source.grid_half_deg else "(cell)"
        figure.supxlabel(f"azimuth from the training view {unit}", fontsize=7.5)
        figure.supylabel(f"elevation {unit}", fontsize=7.5)
        bar = figure.colorbar(image, ax=panels, ticks=[0, 0.5, 1], shrink=0.8, aspect=18, pad=0.015)
        bar.ax.set_yticklabels(["0", "50", "100"])
        bar.set_label(f"success % ({words(result.split)})")
        bar.outline.set_visible(False)  # type: ignore[operator]
        yield f"view_grid_{result.split}", figure


def cells(result: SplitResults, head: str) -> tuple[np.ndarray, np.ndarray]:
    """Successes and episodes of each cell, both (azimuths, elevations), int; 0 episodes where a cell was not tested."""
    places = {c: tuple(map(int, m.groups())) for c in result.expected.scenes if c[0] == FACTOR and (m := _CELL.fullmatch(c[1]))}
    if not places:
        raise Absent(f"needs levels a<azimuth>e<elevation> of condition {FACTOR}")
    shape = tuple(1 + max(place[axis] for place in places.values()) for axis in (0, 1))
    wins, counts = np.zeros(shape, int), np.zeros(shape, int)
    for condition, place in places.items():
        outcomes = result.roster.outcomes(head, single(condition))
        wins[place], counts[place] = outcomes.sum(), outcomes.size
    return wins, counts


def _ticks(axes, shape: tuple[int, ...], half_deg: float | None) -> None:
    for ticks, n in ((axes.set_xticks, shape[0]), (axes.set_yticks, shape[1])):
        names = np.linspace(-half_deg, half_deg, n) if half_deg else np.arange(n)
        shown = range(0, n, 1 if n < 5 else 7) if half_deg else range(n)
        ticks(list(shown), [f"{names[i]:+g}" if half_deg else f"{names[i]}" for i in shown])
