"""FIGURES: what `para-bench figures` draws from records, in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from matplotlib.figure import Figure

from para_bench.report.figures import cost, curves, factorial, paper, reasons, success, table_top, view_angle, view_grid
from para_bench.report.figures.files import save
from para_bench.report.figures.source import Absent, Source
from para_bench.report.figures.style import look_context
from para_bench.report.file_names import FileNames
from para_bench.text import printable

FIGURES: dict[str, Callable[[Source], Iterator[tuple[str, Figure]]]] = {
    "factorial": factorial.draw,
    "success_by_split": success.draw,
    "view_angle": view_angle.draw,
    "view_grid": view_grid.draw,
    "curves": curves.draw,
    "table_top": table_top.draw,
    "reasons": reasons.draw,
    "cost": cost.draw,
    "paper": paper.draw,
}
"""Each yields (file name, figure), or raises Absent."""


def draw_all(source: Source, out: Path) -> Iterator[str]:
    """Write every figure that the records allow; a line for each that was written or skipped."""
    taken, suffix = FileNames(), "_one_column" if source.columns == 1 else ""
    for name, draw in FIGURES.items():
        yield from write(name, draw(source), out, taken, suffix)


def write(name: str, drawn: Iterator[tuple[str, Figure]], out: Path, taken: FileNames | None = None, suffix: str = "") -> Iterator[str]:
    """Write one row of FIGURES, or say why it is skipped.

    Args:
        name: Name of the row.
        drawn: Figures with their names, which may hold any characters.
        out: Folder; nothing is written elsewhere.
        taken: Names of files that are written already.
        suffix: Appended to every name.
    """
    taken = taken or FileNames()
    with look_context():
        try:
            for title, figure in drawn:
                yield printable(str(save(figure, out / taken.of(title + suffix))[0]))
        except Absent as absent:
            yield printable(f"{name}: skipped, {absent}")
