"""Success against the size of a shift that grows from the control, with the size at which half of it is lost."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase

from para_bench.records.factors import Factor
from para_bench.report.figures.source import Absent, Source, bars, words
from para_bench.report.figures.style import LINE_IN, key, percent_axis
from para_bench.report.inventory import SplitResults
from para_bench.report.looks import BLACK, Look
from para_bench.report.statistics.dose import DoseCurve, format_half
from para_bench.report.statistics.floors import GAP_CONTROL
from para_bench.report.tables.half_doses import curve

PLOT_IN = 2.4
"""Height of the plot with its axis."""
Dose = tuple[SplitResults, Factor]


def doses(source: Source) -> list[Dose]:
    """Curves of factors that grow from the control, such as the angle of the view."""
    return [(result, factor) for result, factor in source.factors("curve") if factor.pooled]


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One figure a curve."""
    found = doses(source)
    if not found:
        raise Absent("needs records of a factor that grows from the control, as the angle of the view")
    for result, factor in found:
        entries = LINE_IN * (2.75 if source.columns == 2 else 1.5) * len(result.learned)
        height = max(PLOT_IN, entries + 0.15) if source.columns == 2 else PLOT_IN + entries
        figure = Figure(figsize=(source.width_in, height), layout="constrained")
        part(figure, source, (result, factor))
        yield f"{factor.name}_{result.split}", figure


def part(canvas: FigureBase, source: Source, dose: Dose, legend: bool = True) -> None:
    """Draw one curve into a figure or a part of one; without a legend, half-doses are shown on the curve alone."""
    result, factor = dose
    axes, handles, labels = canvas.subplots(), [], []
    wide = source.columns == 2
    for rank, head in enumerate(result.learned):
        found, look = curve(result.roster, head, factor.name), source.looks[head]
        _plot(axes, found, look, rank - (len(result.learned) - 1) / 2)
        handles.append(key(look))
        labels.append(f"{head}{chr(10) if wide else ': '}{half_text(found, factor.unit, wide)}")
    axes.set_xlabel(factor.label)
    axes.set_ylabel("success %")
    shown = found.angles_deg
    last = shown[-1]
    axes.set_xticks(shown, [f"{x:g}" if not i or x - shown[i - 1] > 0.06 * last else "" for i, x in enumerate(shown)])
    marked = any(_resolved(curve(result.roster, head, factor.name)) for head in result.learned)
    axes.set_title(words(result.split) + (" (diamond: half of control)" if marked else ""), loc="left")
    percent_axis(axes)
    if legend and wide:
        canvas.legend(handles, labels, loc="outside right upper", labelspacing=0.9, handlelength=3.0)
    elif legend:
        canvas.legend(handles, labels, loc="outside lower center", ncols=1, labelspacing=0.4, handlelength=3.0)


def _plot(axes: Axes, dose: DoseCurve, look: Look, rank: float) -> None:
    """Points of heads are offset, or their intervals would hide each other."""
    last, values = dose.angles_deg[-1], [e.value for e in dose.rates]
    places = [angle + 0.006 * last * rank for angle in dose.angles_deg]
    axes.errorbar(
        places, values, bars(list(dose.rates)), color=look.colour, marker=look.marker, linestyle=look.line, elinewidth=0.6, capsize=1.2
    )
    if _resolved(dose):
        height = values[0] / 2
        low, high = dose.half_interval.low, min(dose.half_interval.high, last)
        axes.plot([low, high], [height, height], color=look.colour, linewidth=0.8, zorder=4)
        axes.plot([dose.half_deg] * 2, [-0.03, height], color=look.colour, linewidth=0.6, linestyle=":", zorder=1)
        axes.plot(dose.half_deg, height, marker="d", markersize=6, color="white", markeredgecolor=BLACK, markeredgewidth=0.8, zorder=5)
        axes.plot(dose.half_deg, height, marker="d", markersize=3, color=look.colour, zorder=6)


def _resolved(dose: DoseCurve) -> bool:
    """Whether there is a half-dose whose interval excludes any dose, of a control that is high enough."""
    return dose.rates[0].value >= GAP_CONTROL and dose.resolved


def half_text(dose: DoseCurve, unit: str, long: bool = True) -> str:
    """ "half of control: 23.5 deg [18.0, > 45]", or why there is none."""
    control = dose.rates[0].value
    if control < GAP_CONTROL:
        return f"control {100 * control:.1f} %: no half"
    start = "half of control: " if long else "half "
    return start + format_half(dose).replace(" deg ", f" {unit} " if unit else " ")
