"""Coordinates of the pages' drawings: success against the size of a shift, and maps of many cells."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from para_bench.records.factors import Axis, Factor, cell_of
from para_bench.report.inventory import CONTROL
from para_bench.report.roster import ConditionKey
from para_bench.report.site.cells import RateCell
from para_bench.report.tables.half_doses import HalfDose

WIDTH, HEIGHT, LEFT, TOP = 640, 260, 62, 34
"""Width, height and margins for labels of the dose plot [SVG units]."""
LABEL = 44
"""Width that a tick label needs, on a phone too [SVG units]."""
DODGE = 4
"""From one head to the next, so that intervals of two heads do not cover each other [SVG units]."""
MOST_SIDE = 100
"""Most cells of a map along one axis."""


def factors(conditions: Sequence[ConditionKey]) -> dict[str, list[ConditionKey]]:
    """Conditions by factor, in order."""
    found: dict[str, list[ConditionKey]] = {}
    for condition in conditions:
        found.setdefault(condition[0], []).append(condition)
    return found


def is_map(levels: Sequence[ConditionKey]) -> bool:
    """Whether the levels of a factor name cells of a map, "a0e0" ... , that a page can show."""
    cells = [cell_of(level) for _, level in levels]
    return len(levels) > 1 and all(cell is not None and max(cell) < MOST_SIDE for cell in cells)


def map_rows(levels: Sequence[ConditionKey]) -> list[list[ConditionKey | None]]:
    """Cells as they are drawn: azimuth to the right, the highest elevation on top; None where there is no cell."""
    at = {cell: level for level in levels if (cell := cell_of(level[1]))}
    azimuths, elevations = (range(max(key[axis] for key in at) + 1) for axis in (0, 1))
    return [[at.get((a, e)) for a in azimuths] for e in reversed(elevations)]


def map_words(factor: Factor, levels: Sequence[ConditionKey]) -> dict[str, object]:
    """What the axes of a map are, and the value of each of its columns and rows, empty where a factor does not tell them."""
    drawn = map_rows(levels)
    if len(factor.axes) != 2:
        return {"across": "", "up": "", "columns": [""] * len(drawn[0]), "rows": [""] * len(drawn)}
    (across, columns), (up, rows) = (
        (f"{axis.title} [{factor.unit}]" if factor.unit else axis.title, [_value(axis, i, n) for i in range(n)])
        for axis, n in zip(factor.axes, (len(drawn[0]), len(drawn)), strict=True)
    )
    return {"across": across, "up": up, "columns": columns, "rows": rows[::-1]}


def _value(axis: Axis, place: int, of: int) -> str:
    return f"{axis.low + (axis.high - axis.low) * place / max(1, of - 1):+g}"


@dataclass(frozen=True)
class Mark:
    """A rate with its interval, in SVG units."""

    x: float
    y: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class Dose:
    """Success against level, one line a head."""

    name: str
    """Name of the axis, in words."""
    ticks: list[tuple[float, str]]
    """Place on the x axis, and the level."""
    lines: dict[str, list[Mark]]
    """By head."""
    halves: dict[str, tuple[float, float, str]]
    """By head: coordinates of the dose at which half of its control is lost, and the text there."""


def dose(
    factor: Factor,
    levels: Sequence[ConditionKey],
    cells: Mapping[tuple[str, ConditionKey], RateCell | None],
    heads: Sequence[str],
    lost: Collection[HalfDose] = (),
) -> Dose | None:
    """The plot of a factor whose levels are three or more numbers; None for others.

    The control stands in its place, unless the axis is logarithmic. `cells` has it in the scenes of the levels (`cells.control_beside`).

    `lost` has the doses at which half of a head's control is lost; those beyond the last level are not drawn.
    """
    try:
        sizes = {condition: float(condition[1]) for condition in levels}
    except ValueError:
        return None
    if len(set(sizes.values())) < 3:
        return None
    logarithmic = factor.logarithmic and min(sizes.values()) > 0
    if not logarithmic and factor.control_at not in sizes.values():
        sizes[CONTROL] = factor.control_at
    sizes = dict(sorted(sizes.items(), key=lambda found: found[1]))
    spread = DODGE * (len(heads) - 1) / 2
    place_of = _axis(list(sizes.values()), logarithmic, spread + DODGE)
    lines: dict[str, list[Mark]] = {}
    for place, head in enumerate(heads):
        shift = DODGE * place - spread
        for condition, size in sizes.items():
            cell = cells.get((head, condition))
            if cell is not None and cell.rate is not None:
                y, low, high = (TOP + HEIGHT * (1 - value) for value in cell.rate[:3])
                text = f"{head}, {factor.label}, {size:g}: {cell.count}  {cell.rate_text}"
                lines.setdefault(head, []).append(Mark(place_of(size) + shift, y, low, high, text))
    halves = {
        half.head: (
            place_of(half.curve.half_deg),
            TOP + HEIGHT * (1 - half.curve.rates[0].value / 2),
            f"{half.head} has lost half of its control at {half.text}",
        )
        for half in lost
        if half.factor == factor.name and half.head in lines and half.curve.resolved and not logarithmic
    }
    return Dose(factor.label, _ticks(sizes.values(), place_of), lines, halves) if lines else None


def _axis(sizes: Sequence[float], logarithmic: bool, spare: float) -> Callable[[float], float]:
    """Where a size stands; sizes ascend, and `spare` is left at both ends of the axis."""
    along = math.log2 if logarithmic else float
    start, end = along(sizes[0]), along(sizes[-1])
    return lambda size: LEFT + spare + (WIDTH - 2 * spare) * (along(size) - start) / (end - start)


def _ticks(sizes: Iterable[float], place_of: Callable[[float], float]) -> list[tuple[float, str]]:
    """Ticks, with a label where the one before leaves room; sizes ascend."""
    found: list[tuple[float, str]] = []
    last = -math.inf
    for place in sizes:
        x = place_of(place)
        found.append((x, f"{place:g}" if x - last >= LABEL else ""))
        last = x if found[-1][1] else last
    return found
