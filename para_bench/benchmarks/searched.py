"""searched.csv: the search that every head got, a row a training (`chosen` has what a run takes from it)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
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

    @property
    def epochs(self) -> float:
        """Samples seen for each demonstration: what a run keeps when it has more demonstrations."""
        return self.steps * self.batch / self.demos


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
    features: str = ""
    """Name of the features with a hash of their weights and the runtime that computed them; "" where it is not known."""
    code: str = ""
    """16 hex digits over the code and the settings of training and test that have no column; "" where they are not known."""

    @property
    def made_by(self) -> tuple[str, str]:
        """Rows that differ in it are not compared."""
        return self.features, self.code


UNKNOWN = ("", "")
"""`made_by` of rows from before the table had these columns."""
NO_GRASP_CM = 99.0
"""Grasp error of a scene in which the jaw never closed: worse than any grasp, so that it counts in the median."""


def read(path: Path = TABLE) -> list[Measured]:
    """Rows in order; none where there is no file. The last two columns may be absent.

    Raises:
        ParaBenchError: the file is damaged.
    """
    if not exists(path):
        return []
    names = [field.name for field in fields(Measured)]
    try:
        rows = list(csv.DictReader(io.StringIO(read_bytes(path).decode()), strict=True))
        if rows and list(rows[0]) not in (names, names[: -len(UNKNOWN)]):
            raise ValueError(f"columns {', '.join(rows[0])}")
        found = [_converter.structure(row, Measured) for row in rows]
        if any(cell.augmentation not in AUGMENTATIONS for cell in found):
            raise ValueError("an unknown augmentation")
        if any(min(row.image_px, row.demos, row.steps, row.batch, row.replan_steps, row.scenes) < 1 for row in found):
            raise ValueError("a number below 1")
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


_converter = cattrs.Converter()
