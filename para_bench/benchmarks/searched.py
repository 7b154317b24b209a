"""searched.csv: the search that every head got, and the settings that a run takes from it."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import cattrs

from para_bench.files import write_text
from para_bench.records.documents import exists, read_bytes, reason
from para_bench.types import ParaBenchError

AugmentationName = Literal["off", "colour", "turns"]
AUGMENTATIONS: tuple[AugmentationName, ...] = get_args(AugmentationName)
"""Copies without a change; with other colours; with other colours, rotated and zoomed."""
TABLE = Path(__file__).parents[1] / "assets/searched.csv"
"""What `para-bench tune` found; a run reads its defaults from it."""
OWN_TABLE = "searched.csv"
"""File in a results folder: the user's own searches, for heads that TABLE does not have."""


@dataclass(frozen=True)
class Cell:
    """One training of the search. A search compares cells that differ in `learning_rate`, `augmentation` and `steps` alone."""

    suite_version: int
    task: str
    head: str
    backbone: str
    image_px: int
    demos: int
    steps: int
    batch: int
    learning_rate: float
    augmentation: AugmentationName
    replan_steps: int
    train_seed: int
    scenes: int
    """Validation scenes, which are apart from every training and test scene."""

    @property
    def searched(self) -> tuple[int, str, str]:
        """What a search is for: version, task, head."""
        return self.suite_version, self.task, self.head


@dataclass(frozen=True)
class Measured(Cell):
    """A cell with what its policy did on the validation scenes."""

    success: int
    strict: int
    """Strict successes."""
    grasp_cm: float
    """Median distance of the grasp from the object, `NO_GRASP_CM` for scenes without a grasp."""
    position_cm: float
    """Position error on the waypoints of validation demonstrations, at the end of the training."""


SEARCHED_TASK = "place"
"""Task whose search speaks for tasks without one: the same for every head, and the fairness record says so."""
SOUND = 0.9
"""Share of validation scenes at which demonstrations are enough."""
NO_GRASP_CM = 99.0
"""Grasp error of a scene in which the jaw never closed: worse than any grasp, so that it counts in the median."""


def read(path: Path = TABLE) -> list[Measured]:
    """Rows in order; none where there is no file.

    Raises:
        ParaBenchError: the file is damaged.
    """
    if not exists(path):
        return []
    names = [field.name for field in fields(Measured)]
    try:
        rows = list(csv.DictReader(io.StringIO(read_bytes(path).decode()), strict=True))
        if rows and list(rows[0]) != names:
            raise ValueError(f"columns {', '.join(rows[0])}")
        found = [_converter.structure(row, Measured) for row in rows]
        if any(cell.augmentation not in AUGMENTATIONS for cell in found):
            raise ValueError("an unknown augmentation")
        return found
    except Exception as error:  # csv, numbers and cattrs each have their own
        raise ParaBenchError(f"{path} is damaged ({reason(error)}); allowed: as `para-bench tune` wrote it, or no file") from None


def write(path: Path, rows: Iterable[Measured]) -> None:
    """Raises ParaBenchError where it cannot be written."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Measured)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    write_text(path, text.getvalue())


def best(rows: Sequence[Measured]) -> Measured:
    """The smallest median grasp error; of equal ones more successes, then the smaller rate. The same rule for every head."""
    return min(rows, key=lambda row: (row.grasp_cm, -row.success, row.learning_rate))


def searched(suite_version: int, task: str, head: str, demos: int, out: Path | None = None, backbone: str = "") -> Measured | None:
    """The best cell of a head's search for a version and a task, else for the version and SEARCHED_TASK; None where neither is there.

    Args:
        suite_version: Of the run.
        task: Of the training.
        head: Its name, or its import path.
        demos: Demonstrations of the training. Where the search had several numbers, cells of the nearest one alone are compared: more
            demonstrations always grasp better, whatever the settings.
        out: A results folder, whose own table is asked for a search that TABLE does not have.
        backbone: Of the run. Where the search had it, cells of other backbones do not count.

    Raises:
        ParaBenchError: a table is damaged.
    """
    found = _rows_of(head, out)
    rows = [row for row in found if row.searched == (suite_version, task, head)]
    rows = rows or [row for row in found if row.searched == (suite_version, SEARCHED_TASK, head)]
    rows = [row for row in rows if row.backbone == backbone] or rows
    return best(nearest(rows, demos)) if rows else None


def _rows_of(head: str, out: Path | None) -> list[Measured]:
    """Rows of a head: of each version and task those in TABLE, else those in the results folder."""
    rows = [row for row in _package() if row.head == head]
    there = {row.searched for row in rows}
    return rows + [row for row in (read(out / OWN_TABLE) if out else ()) if row.head == head and row.searched not in there]


@cache
def _package() -> list[Measured]:
    return read()


def nearest(rows: Sequence[Measured], demos: int) -> list[Measured]:
    """Those with the number of demonstrations nearest to `demos`, as a ratio; of two as near the smaller."""
    number = min({row.demos for row in rows}, key=lambda count: (abs(math.log(count / demos)), count))
    return [row for row in rows if row.demos == number]


def searches_of(head: str, out: Path | None = None) -> dict[tuple[int, str], tuple[str, frozenset[tuple[float, str]]]]:
    """By suite version and task: what was tried, in words, and the rates and augmentations found, on each backbone for each number of
    demonstrations.

    `out`: as `searched`.
    """
    rows = _rows_of(head, out)
    found = {}
    for key in dict.fromkeys((row.suite_version, row.task) for row in rows):
        tried = [row for row in rows if (row.suite_version, row.task) == key]
        rates = ", ".join(f"{rate:g}" for rate in sorted({row.learning_rate for row in tried}))
        copies = "/".join(name for name in AUGMENTATIONS if name in {row.augmentation for row in tried})
        demos = ", ".join(map(str, sorted({row.demos for row in tried})))
        backbones = list(dict.fromkeys(row.backbone for row in tried))
        words = f"{rates} x {copies} ({demos} demos, {', '.join(backbones)})"
        cells = [best(rows) for backbone in backbones for rows in by_demos(row for row in tried if row.backbone == backbone).values()]
        found[key] = (words, frozenset((cell.learning_rate, cell.augmentation) for cell in cells))
    return found


def by_demos(rows: Iterable[Measured]) -> dict[int, list[Measured]]:
    """Cells by their number of demonstrations, ascending."""
    found: dict[int, list[Measured]] = {}
    for row in sorted(rows, key=lambda row: row.demos):
        found.setdefault(row.demos, []).append(row)
    return found


def sound_demos(rows: Iterable[Measured]) -> int | None:
    """The smallest number of demonstrations after which a head's best cell places SOUND of the validation scenes; None where none does.

    `rows`: cells of one head in one version and task.
    """
    return next((demos for demos, cells in by_demos(rows).items() if (cell := best(cells)).success >= SOUND * cell.scenes), None)


_converter = cattrs.Converter()
