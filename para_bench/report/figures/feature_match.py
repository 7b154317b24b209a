"""Match error and object hits of features against the angle between two views."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from para_bench.report.figures.style import WIDTH_IN, legend_above, percent_axis
from para_bench.report.looks import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, SKY, VERMILLION
from para_bench.report.tables.features import SAME_PLACE

_COLOURS = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY)
_PANELS = {"px": "match error [px]", "near": "matched within a cell %", "hits": "object points hit %"}
_ROOM = "new\nroom"


def draw(table: pd.DataFrame) -> Figure:
    """Three panels, a line a backbone; SAME_PLACE in grey. `table` as report.tables.features.summary makes it."""
    figure = Figure(figsize=(WIDTH_IN, 2.3), layout="constrained")
    panels = figure.subplots(1, len(_PANELS))
    names = [name for name in dict.fromkeys(table["backbone"]) if name != SAME_PLACE]
    for axes, (key, title) in zip(panels, _PANELS.items(), strict=True):
        for number, name in enumerate([*names, SAME_PLACE]):
            colour = GREY if name == SAME_PLACE else _COLOURS[number % len(_COLOURS)]
            _line(axes, table.loc[table["backbone"] == name], key, str(name), colour, number - len(names) / 2)
        axes.set_xlabel("angle between the views [deg]")
        axes.set_ylabel(title)
        if key == "px":
            axes.set_ylim(bottom=0)
            axes.grid(axis="y", color=PALE, linewidth=0.5)
        else:
            percent_axis(axes)
    handles, labels = panels[0].get_legend_handles_labels()
    legend_above(figure, handles, labels, WIDTH_IN)
    return figure


def _line(axes: Axes, rows: pd.DataFrame, key: str, name: str, colour: str, rank: float) -> None:
    views, rooms = rows.loc[rows["condition"] == "view_angle"], rows.loc[rows["condition"] != "view_angle"]
    angles = views["level"].astype(float)
    last = angles.max()
    style = {"color": colour, "marker": "o", "elinewidth": 0.6, "capsize": 1.5}
    for part, x in ((views, angles + 0.4 * rank), (rooms, last + 12 + 1.2 * rank + 0 * rooms[key])):
        reach = [part[key] - part[f"{key}_low"], part[f"{key}_high"] - part[key]]
        axes.errorbar(x, part[key], reach, linestyle="-" if part is views else "", label=name if part is views else None, **style)
    axes.set_xticks([*angles, last + 12], [*(f"{a:g}" for a in angles), _ROOM])
