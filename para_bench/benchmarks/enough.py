"""How many demonstrations are enough for a head, read from the rows of a search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from para_bench.benchmarks.chosen import best, newest, surest
from para_bench.benchmarks.searched import Cell, Measured

SOUND = 0.9
"""Share of validation scenes at which demonstrations are enough."""


class Kind(NamedTuple):
    """Rows that are read together: alike but for demonstrations, steps, rate and augmentation."""

    suite_version: int
    task: str
    head: str
    backbone: str
    image_px: int
    replan_steps: int


class Enough(NamedTuple):
    kind: Kind
    demos: int | None
    """The smallest number after which the best cell places SOUND of the validation scenes; None where none does."""
    tried: tuple[int, ...]

    def __str__(self) -> str:
        """ "64", or "none to 64"."""
        return str(self.demos or f"none to {self.tried[-1]}")


def kind_of(row: Cell) -> Kind:
    return Kind(*row.searched, row.backbone, row.image_px, row.replan_steps)


def enough(table: Iterable[Measured]) -> list[Enough]:
    """A row a kind, in the order of the table."""
    rows = newest(list(table))
    kinds = {kind: [row for row in rows if kind_of(row) == kind] for kind in map(kind_of, rows)}
    return [Enough(kind, _sound(own), tuple(sorted({row.demos for row in own}))) for kind, own in kinds.items()]


def _sound(rows: Sequence[Measured]) -> int | None:
    for demos in sorted({row.demos for row in rows}):
        cell = best(surest([row for row in rows if row.demos == demos]))
        if cell.success >= SOUND * cell.scenes:
            return demos
    return None
