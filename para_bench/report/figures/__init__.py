"""FIGURES: what `para-bench figures` draws from records, in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from matplotlib.figure import Figure

from para_bench.report.figures import cost, curves, reasons, success, table_top, view_angle, view_grid
from para_bench.report.figures.source import Absent, Source
from para_bench.report.figures.style import look_context, save

FIGURES: dict[str, Callable[[Source], Iterator[tuple[str, Figure]]]] = {
    "success_by_split": success.draw,
    "view_angle": view_angle.draw,
    "view_grid": view_grid.draw,
    "curves": curves.draw,
    "table_top": table_top.draw,
    "reasons": reasons.draw,
    "cost": cost.draw,
}
"""Each yields (file name, figure), or raises Absent."""


def draw_all(source: Source, out: Path) -> Iterator[str]:
    """Write every figure that the records allow; a line for each that was written or skipped."""
    for name, draw in FIGURES.items():
        yield from write(name, draw(source), out)


def write(name: str, drawn: Iterator[tuple[str, Figure]], out: Path) -> Iterator[str]:
    """Write one row of FIGURES, or say why it is skipped."""
    with look_context():
        try:
            for file, figure in drawn:
                yield str(save(figure, out / file)[0])
        except Absent as absent:
            yield f"{name}: skipped, {absent}"
