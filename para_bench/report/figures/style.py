"""How every figure looks: paper widths, one colour-blind-safe look a head, and the parts that figures share."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import FigureBase
from matplotlib.lines import Line2D

from para_bench.report.looks import PALE, Look
from para_bench.report.statistics.floors import FLOOR

WIDTH_IN = 6.75
"""Text width of the usual two-column conference templates."""
HALF_WIDTH_IN = 3.25
"""One column of them."""
FONT_PT = 7
"""The smallest letters of any figure; conferences ask for 7 points in print."""
LETTER_IN = 0.061
"""Mean width of a letter of this size, on the large side."""
LINE_IN = 0.125
"""Height of a line of them."""
_LEGEND_ROW_IN = 0.17

GOOD, BAD = "#1B7837", "#762A83"
"""Success and failure: green and purple (ColorBrewer's PRGn, safe for colour blindness), no colour of a head."""
RATE_MAP = LinearSegmentedColormap.from_list("rate", [BAD, "#F7F7F7", GOOD])


_RC: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so the machine's fonts change nothing
    "font.size": 7.5,
    "axes.titlesize": 7.5,
    "axes.labelsize": 7.5,
    "xtick.labelsize": FONT_PT,
    "ytick.labelsize": FONT_PT,
    "legend.fontsize": FONT_PT,
    "legend.frameon": False,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.1,
    "lines.markersize": 3.5,
    "hatch.linewidth": 0.4,
    "text.parse_math": False,  # a name with $ in it is a name
    "pdf.fonttype": 42,  # TrueType: conferences refuse type 3 fonts
}


def wrapped(name: str, letters: int) -> str:
    """A name in lines of at most `letters` letters where it has words to break at: after a space or "_", or before "." or ":"."""
    if " " in name:
        return "\n".join(textwrap.wrap(name, letters, break_long_words=False, break_on_hyphens=False))
    lines = [""]
    for word in re.split(r"(?<=_)(?=[^_])|(?=[.:])", name):
        if lines[-1] and len(lines[-1]) + len(word) > letters:
            lines.append("")
        lines[-1] += word
    return "\n".join(lines)


def look_context() -> Any:
    """Context in which figures are drawn."""
    return rc_context(_RC)


def percent_axis(axes: Axes) -> None:
    """Success from 0 to 100 %, with a light grid."""
    axes.set_ylim(-0.03, 1.03)
    axes.set_yticks(np.linspace(0, 1, 5), ["0", "25", "50", "75", "100"])
    axes.grid(axis="y", color=PALE, linewidth=0.5)
    axes.set_axisbelow(True)


def percent_axis_across(axes: Axes, step: int = 25) -> None:
    """The same along x, with room for points at 0 and 100."""
    axes.set_xlim(-0.04, 1.04)
    axes.set_xticks(np.arange(0, 101, step) / 100, [str(p) for p in range(0, 101, step)])
    axes.grid(axis="x", color=PALE, linewidth=0.5)
    axes.set_axisbelow(True)


def shade_floor(axes: Axes) -> None:
    """The success rates at which no shift can be measured."""
    axes.axvspan(-0.04, FLOOR, color=PALE, alpha=0.55, linewidth=0, zorder=0)


def keep_within(axes: Axes) -> None:
    """Labels of the first and last tick stay within the panel's width, so that those of two panels do not touch."""
    ticks = [tick for tick in axes.xaxis.get_major_ticks() if tick.label1.get_text()]
    if len(ticks) > 1:
        ticks[0].label1.set_horizontalalignment("left")
        ticks[-1].label1.set_horizontalalignment("right")


def spread(axes: Axes, x: float, means: Sequence[float], colour: str) -> None:
    """A dot for the mean of each training seed; none for one seed, whose mean is the estimate."""
    if len(means) > 1:
        dots = {"linestyle": "", "marker": "o", "markersize": 1.8, "markeredgewidth": 0.5}
        axes.plot([x] * len(means), means, color="white", markeredgecolor=colour, zorder=5, **dots)


def key(look: Look) -> Line2D:
    """Entry of a head in a legend."""
    return Line2D([], [], color=look.colour, marker=look.marker, linestyle=look.line)


def legend_above(figure: FigureBase, handles: Sequence[Any], labels: Sequence[str], width_in: float) -> None:
    """One legend for all panels of a page of this width, in as many columns as fit."""
    columns = _legend_columns(labels, width_in)
    figure.legend(handles, labels, loc="outside upper center", ncols=columns, columnspacing=1.2, handlelength=2.2)


def legend_in(labels: Sequence[str], width_in: float) -> float:
    """Its height."""
    return _LEGEND_ROW_IN * -(-len(labels) // _legend_columns(labels, width_in))


def _legend_columns(labels: Sequence[str], width_in: float) -> int:
    columns = min(len(labels), 5)
    while columns > 1 and _legend_width_in(labels, columns) > width_in - 0.1:
        columns -= 1
    return max(1, columns)


def _legend_width_in(labels: Sequence[str], columns: int) -> float:
    """Width of a legend, whose entries go down the columns; the first columns have one more where they do not come out even."""
    widest = [max(map(len, column)) for column in np.array_split(list(labels), columns)]
    return sum(LETTER_IN * letters + 0.42 for letters in widest)


def lettered(figure: FigureBase, letter: str) -> None:
    """(a), (b), ... at the upper left of a part of a page."""
    figure.suptitle(f"({letter})", x=0.005, ha="left", fontweight="bold", fontsize=8)
