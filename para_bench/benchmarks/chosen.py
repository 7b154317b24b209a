"""What a run takes from the searches: the best of the cells that were measured as the run is, the same rule for every head."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from para_bench.benchmarks.searched import AUGMENTATIONS, OWN_TABLE, UNKNOWN, Cell, Measured, read
from para_bench.types import REPLAN_STEPS

SEARCHED_TASK = "place"
"""Task whose search speaks for tasks without one: the same for every head, and the fairness record says so."""
IMAGE_PX = 224
"""Image size of a search whose words do not name one, as REPLAN_STEPS is its number of waypoints."""


def best(rows: Sequence[Measured]) -> Measured:
    """The smallest median grasp error; of equal ones more successes, then the smaller rate. The same rule for every head."""
    return min(rows, key=lambda row: (row.grasp_cm, -row.success, row.learning_rate))


def searched(
    suite_version: int,
    task: str,
    head: str,
    demos: int,
    out: Path | None = None,
    backbone: str = "",
    image_px: int = IMAGE_PX,
    replan_steps: int = REPLAN_STEPS,
    epochs: float | None = None,
) -> Measured | None:
    """The best cell of a head's search for a version and a task, else for the version and SEARCHED_TASK; None where neither is there.

    Cells are compared that are alike in image size, waypoints, demonstrations and epochs: those nearest to the run's. A better cell
    of another image size or of more steps says nothing of this run, whose steps are its own.

    Args:
        suite_version: Of the run.
        task: Of the training.
        head: Its name, or its import path.
        demos: Demonstrations of the training.
        out: A results folder, whose own table is asked for a search that TABLE does not have.
        backbone: Of the run. Where the search had it, cells of other backbones do not count.
        image_px: Side of the run's images [px].
        replan_steps: Waypoints that the run executes before it looks again.
        epochs: Of the run's profile, as `Cell.epochs`; None compares cells of any number.

    Raises:
        ParaBenchError: a table is damaged.
    """
    found = _rows_of(head, out)
    rows = [row for row in found if row.searched == (suite_version, task, head)]
    rows = rows or [row for row in found if row.searched == (suite_version, SEARCHED_TASK, head)]
    rows = [row for row in rows if row.backbone == backbone] or rows
    for name, value in (("image_px", image_px), ("replan_steps", replan_steps), ("demos", demos), ("epochs", epochs)):
        rows = nearest(rows, name, value) if value else rows
    return best(surest(rows)) if rows else None


def _rows_of(head: str, out: Path | None) -> list[Measured]:
    """Rows of a head: of each version and task those in TABLE, else those in the results folder."""
    rows = [row for row in _package() if row.head == head]
    there = {row.searched for row in rows}
    own = [row for row in (read(out / OWN_TABLE) if out else ()) if row.head == head and row.searched not in there]
    return newest([*rows, *own])


@cache
def _package() -> list[Measured]:
    return read()


def nearest(rows: Sequence[Measured], name: str, value: float) -> list[Measured]:
    """Those whose number is nearest to `value`, as a ratio; of two as near the smaller.

    `name`: "demos", "image_px", "replan_steps" or "epochs". More demonstrations always grasp better, whatever the settings.
    """
    numbers = {getattr(row, name) for row in rows}
    number = min(numbers, key=lambda count: (abs(math.log(count / value)), count), default=0)
    return [row for row in rows if getattr(row, name) == number]


def surest(rows: Sequence[Measured]) -> list[Measured]:
    """Those with the most validation scenes: of few scenes a median may be small by luck."""
    most = max((row.scenes for row in rows), default=0)
    return [row for row in rows if row.scenes == most]


def alike(cell: Cell) -> tuple[object, ...]:
    """What cells share that may be compared, apart from what they were made by."""
    return *cell.searched, cell.backbone, cell.image_px, cell.replan_steps, cell.demos, cell.epochs


def newest(rows: Sequence[Measured]) -> list[Measured]:
    """Of cells that are alike those made by the same features and code as the last one, and those of which neither is known."""
    last = {alike(row): row.made_by for row in rows if row.made_by != UNKNOWN}
    return [row for row in rows if row.made_by in (UNKNOWN, last.get(alike(row), UNKNOWN))]


def searches_of(head: str, out: Path | None = None) -> dict[tuple[int, str], tuple[str, frozenset[tuple[float, str]]]]:
    """By suite version and task: what was tried, in words, and the rates and augmentations found, among cells that are alike.

    `out`: as `searched`.
    """
    rows = _rows_of(head, out)
    found = {}
    for key in dict.fromkeys((row.suite_version, row.task) for row in rows):
        tried = [row for row in rows if (row.suite_version, row.task) == key]
        groups = {kind: [row for row in tried if alike(row) == kind] for kind in map(alike, tried)}
        cells = [best(surest(group)) for group in groups.values()]
        found[key] = (_words(tried), frozenset((cell.learning_rate, cell.augmentation) for cell in cells))
    return found


def _words(tried: Sequence[Measured]) -> str:
    """ "0.001, 0.003 x off/turns (20 demos, efficientnet_lite0)", with image sizes and waypoints where they are not the usual ones."""
    copies = "/".join(name for name in AUGMENTATIONS if name in {row.augmentation for row in tried})
    said = [f"{_numbers((row.demos for row in tried), ', ')} demos", *dict.fromkeys(row.backbone for row in tried)]
    if (sizes := {row.image_px for row in tried}) != {IMAGE_PX}:
        said.append(f"{_numbers(sizes, '/')} px")
    if (waypoints := {row.replan_steps for row in tried}) != {REPLAN_STEPS}:
        said.append(f"{_numbers(waypoints, '/')} waypoints a look")
    return f"{_numbers((row.learning_rate for row in tried), ', ')} x {copies} ({', '.join(said)})"


def _numbers(values: Iterable[float], between: str) -> str:
    return between.join(f"{value:g}" for value in sorted(set(values)))
