"""How the levels of a factor are read: as rows of a table, along a curve, or as the cells of a map."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

_CELL = re.compile(r"[^\W\d]*(\d{1,4})[^\W\d]+(\d{1,4})", re.ASCII)


@dataclass(frozen=True)
class Axis:
    """One of the two axes of a map."""

    title: str
    low: float
    """Value of its first cell, in the factor's unit."""
    high: float
    """Value of its last cell."""


@dataclass(frozen=True)
class Factor:
    """What a report has to know of a factor beside its name and levels."""

    name: str
    kind: Literal["rows", "curve", "map"] = "rows"
    """`curve`: levels are numbers. `map`: a level names its cell by two numbers, as "a0e7"."""
    title: str = ""
    """Of the axis of a curve; its name where it is empty."""
    unit: str = ""
    pooled: bool = True
    """Whether one rate over all levels means something. A curve whose levels may be pooled is a shift that grows from the control at 0;
    its half-dose is drawn. One whose levels may not is read as a curve alone."""
    logarithmic: bool = False
    figure: str = ""
    """Curves of one name are panels of one figure; its own name where it is empty."""
    moves_object: bool = False
    """Whether the shift moves the object over the table, so that a map of the table shows where it succeeds."""
    axes: tuple[Axis, ...] = ()
    """Of a map: across, then up; none where only the cells are known."""
    control_at: float = 0.0
    """Level at which the training stands on a curve, where no level is the training's own; a logarithmic one shows no control."""
    level_words: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Whole names of levels in figures, "unseen lighting" for "lighting 1"; others are named by factor, level and unit."""

    def words(self, level: str) -> str:
        """ "azimuth 15 deg"."""
        plain = f"{self.name} {level}".replace("_", " ")
        return self.level_words.get(level) or plain + (f" {self.unit}" if self.unit and self.kind != "map" else "")

    @property
    def label(self) -> str:
        """ "rotation error of the calibration [deg]"."""
        return (self.title or self.name.replace("_", " ")) + (f" [{self.unit}]" if self.unit else "")


def cell_of(level: str) -> tuple[int, int] | None:
    """The cell that a level of a map names, (across, up); None where it names none."""
    match = _CELL.fullmatch(level)
    return (int(match[1]), int(match[2])) if match else None
