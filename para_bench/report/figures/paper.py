"""One page for a paper: the main result, how it falls with the size of a shift, and the other conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from string import ascii_lowercase
from typing import NamedTuple

from matplotlib.figure import Figure, FigureBase

from para_bench.report.figures import curves, factorial, success, view_angle
from para_bench.report.figures.source import Absent, Declared, Source
from para_bench.report.figures.style import WIDTH_IN, key, legend_above, lettered

PAGE_IN = 9.2
"""Height that conference templates leave for a figure with its caption on a page of its own."""
_CURVE_IN = 2.2
_LEGEND = 4
"""Heads in a row of the legend, approximately."""


class Part(NamedTuple):
    """A part of the page; parts of one line stand side by side."""

    height_in: float
    draw: Callable[[FigureBase], None]


def draw(source: Source) -> Iterator[tuple[str, Figure]]:
    """One page, two columns wide whatever was asked for; parts that no longer fit are left out, the last first."""
    source = replace(source, columns=2)
    lines, heights, total = list[list[Part]](), list[float](), 0.2 + 0.17 * -(-len(source.looks) // _LEGEND)
    for line in _lines(source):
        tall = max(part.height_in for part in line)
        if total + tall <= PAGE_IN:
            lines.append(line)
            heights.append(tall)
            total += tall
    if sum(map(len, lines)) < 2:
        raise Absent("needs two of: a declared suite, success by split, a curve of a shift, a curve of demonstrations or calibration")
    figure, letters = Figure(figsize=(WIDTH_IN, total), layout="constrained"), iter(ascii_lowercase)
    legend_above(figure, [key(look) for look in source.looks.values()], list(source.looks), WIDTH_IN)
    for canvas, line in zip(figure.subfigures(len(lines), 1, squeeze=False, height_ratios=heights)[:, 0], lines, strict=True):
        for place, part in zip(canvas.subfigures(1, len(line), squeeze=False)[0], line, strict=True):
            lettered(place, next(letters))
            part.draw(place)
    yield "paper", figure


def _lines(source: Source) -> list[list[Part]]:
    """Lines of parts from the top of the page to its end."""
    found: list[list[Part]] = []
    whole = [declared for declared in source.declared if set(declared.heads) <= set(source.looks)]
    for declared in whole[:1]:
        found.append([_of_suite(source, declared)])
    halves = [_of_dose(source, dose) for dose in view_angle.doses(source)[:1]]
    for panels in curves.curves(source).values():
        if len(halves) < 2:
            halves.append(_of_curve(source, panels[:1]))
    tested = {place for declared in whole[:1] for place in declared.conditions}
    rows = [row for row in success.rows(source) if (row.result.split, row.group.condition) not in tested]
    if rows:
        success_part = Part(
            success.height_in(source, rows, legend=False) + 0.2, lambda canvas: success.part(canvas, source, rows, legend=False)
        )
        found.append([success_part])
    if halves:
        found.insert(1, halves)
    return found


def _of_suite(source: Source, declared: Declared) -> Part:
    return Part(
        factorial.height_in(source, declared, asks=False) + 0.15, lambda canvas: factorial.part(canvas, source, declared, asks=False)
    )


def _of_dose(source: Source, dose: view_angle.Dose) -> Part:
    return Part(_CURVE_IN, lambda canvas: view_angle.part(canvas, source, dose, legend=False))


def _of_curve(source: Source, panels: list[curves.Panel]) -> Part:
    return Part(_CURVE_IN, lambda canvas: curves.part(canvas, source, panels, legend=False))
