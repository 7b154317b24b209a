"""Success against the angle between the training view and the test view, with the angle at which half of it is lost."""

from __future__ import annotations

import math
from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from para_bench.report.figures.source import Absent, Source, words
from para_bench.report.figures.style import WIDTH_IN, Look, percent_axis
from para_bench.report.statistics.dose import DoseCurve, format_half
from para_bench.report.tables.half_doses import curve

LEAST_CONTROL = 0.2
"""A head that succeeds less often where it was trained has too little to lose for a half of it to mean anything."""
FEW = 7
"""So many heads fit beside the usual figure."""
ENTRY_IN = 0.33
"""Height of a head's entry in the legend."""


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One figure a curve that grows from the control, as the angle of the view."""
    found = [(result, factor) for result, factor in source.factors("curve") if factor.pooled]
    if not found:
        raise Absent("needs records of a factor that grows from the control, as the angle of the view")
    for result, factor in found:
        width, height = (0.66, 2.5) if len(result.learned) <= FEW else (0.8, ENTRY_IN * len(result.learned))
        figure = Figure(figsize=(width * WIDTH_IN, height), layout="constrained")
        axes, handles, labels = figure.subplots(), [], []
        for head in result.learned:
            dose, look = curve(result.roster, head, factor.name), source.looks[head]
            _plot(axes, dose, look)
            handles.append(Line2D([], [], color=look.colour, marker=look.marker, linestyle=look.line))
            labels.append(f"{head}\n{_half(dose)}")
        axes.set_xlabel(factor.label)
        axes.set_ylabel("success %")
        axes.set_xticks(dose.angles_deg)
        axes.set_title(words(result.split), loc="left")
        percent_axis(axes)
        figure.legend(handles, labels, loc="outside right upper", labelspacing=0.9, handlelength=3.4)
        yield f"{factor.name}_{result.split}", figure


def _plot(axes: Axes, dose: DoseCurve, look: Look) -> None:
    angles, values = dose.angles_deg, [e.value for e in dose.rates]
    axes.fill_between(angles, [e.low for e in dose.rates], [e.high for e in dose.rates], color=look.colour, alpha=0.18, linewidth=0)
    axes.plot(angles, values, color=look.colour, marker=look.marker, linestyle=look.line)
    if _resolved(dose):
        height, last = values[0] / 2, angles[-1]
        low, high = dose.half_interval.low, min(dose.half_interval.high, last)
        axes.plot([low, high], [height, height], color=look.colour, linewidth=0.8, zorder=4)
        axes.plot(dose.half_deg, height, marker="d", markersize=5, color="white", markeredgecolor=look.colour, zorder=5)


def _resolved(dose: DoseCurve) -> bool:
    """Whether there is a half to speak of, and its interval excludes anything."""
    return (
        dose.rates[0].value >= LEAST_CONTROL
        and math.isfinite(dose.half_deg)
        and (dose.half_interval.low > 0 or dose.half_interval.high <= dose.angles_deg[-1])
    )


def _half(dose: DoseCurve) -> str:
    control = dose.rates[0].value
    if control < LEAST_CONTROL:
        return f"control {100 * control:.1f} %: no half"
    if math.isfinite(dose.half_deg) and not _resolved(dose):
        return "half of control: not resolved"
    return f"half of control: {format_half(dose)}"
