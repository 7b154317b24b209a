"""One page for a paper: the main result, how it falls with the size of a shift, and the other conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from string import ascii_lowercase
from typing import NamedTuple

from matplotlib.figure import Figure, FigureBase

from para_bench.report.figures import curves, factorial, success, view_angle
from para_bench.report.figures.source import Absent, Declared, Source
from para_bench.report.figures.style import key, legend_above, legend_in, lettered

PAGE_IN = 9.2
"""Height that conference templates leave for a figure with its caption on a page of its own."""
_CURVE_IN = 2.2
_PANELS = 3
"""Of a figure of curves, at most."""


class Part(NamedTuple):
    """A part of the page; parts of one line stand side by side."""

    height_in: float
    draw: Callable[[FigureBase], None]


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One page as wide as its columns; parts that no longer fit are left out, the last first."""
    lines, heights, found = list[list[Part]](), list[float](), _lines(source)
    total = 0.2 + legend_in(list(source.looks), source.width_in)
    for line in found:
        tall = max(part.height_in for part in line)
        if total + tall <= PAGE_IN:
            lines.append(line)
            heights.append(tall)
            total += tall
    if sum(map(len, found)) < 2:
        raise Absent("needs two of: a declared suite, success by split, a curve of a shift, a curve of demonstrations or calibration")
    if sum(map(len, lines)) < 2:
        raise Absent("one column of a page holds no two parts; two columns do")
    figure, letters = Figure(figsize=(source.width_in, total), layout="constrained"), iter(ascii_lowercase)
    legend_above(figure, [key(look) for look in source.looks.values()], list(source.looks), source.width_in)
    for canvas, line in zip(figure.subfigures(len(lines), 1, squeeze=False, height_ratios=heights)[:, 0], lines, strict=True):
        for place, part in zip(canvas.subfigures(1, len(line), squeeze=False)[0], line, strict=True):
            lettered(place, next(letters))
            part.draw(place)
    yield "paper", figure


def _lines(source: Source) -> list[list[Part]]:
    """Lines of parts from the top of the page to its end."""
    found: list[list[Part]] = []
    whole = [declared for declared in source.declared if not source.lacks(declared)]
    for declared in whole[:1]:
        found.append([_of_suite(source, declared)])
    tested = {place for declared in whole[:1] for place in declared.conditions}
    rows = [row for row in success.rows(source) if (row.result.split, row.group.condition) not in tested]
    if rows:
        success_part = Part(
            success.height_in(source, rows, legend=False) + 0.2, lambda canvas: success.part(canvas, source, rows, legend=False)
        )
        found.append([success_part])
    return [*found[:1], *_curves(source), *found[1:]]


def _curves(source: Source) -> list[list[Part]]:
    """Two curves or figures of curves: those of one panel share a line of a wide page, several panels have one to themselves."""
    halves = [_of_dose(source, dose) for dose in view_angle.doses(source)[:1]]
    lines: list[list[Part]] = []
    for panels in list(curves.curves(source).values())[: 2 - len(halves)]:
        if len(panels) == 1:
            halves.append(_of_curve(source, panels))
        else:
            lines.append([_of_curve(source, panels[:_PANELS])])
    if source.columns == 2:
        return [*([halves] if halves else []), *lines]
    return [*([half] for half in halves), *lines]


def _of_suite(source: Source, declared: Declared) -> Part:
    return Part(
        factorial.height_in(source, declared, asks=False) + 0.15, lambda canvas: factorial.part(canvas, source, declared, asks=False)
    )


def _of_dose(source: Source, dose: view_angle.Dose) -> Part:
    return Part(_CURVE_IN, lambda canvas: view_angle.part(canvas, source, dose, legend=False))


def _of_curve(source: Source, panels: list[curves.Panel]) -> Part:
    rows = 1 if source.columns == 2 else len(panels)
    return Part(_CURVE_IN * rows, lambda canvas: curves.part(canvas, source, panels, legend=False))
