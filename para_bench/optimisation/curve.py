"""The figures of every evaluation of an optimisation, as a table on disk."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from para_bench.files import writing


def write_curve(path: Path, rows: Sequence[dict[str, float]]) -> None:
    """One line an evaluation; a figure that one of them lacks stays empty.

    Raises:
        ParaBenchError: the file cannot be written.
    """
    with writing(path) as partial, partial.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
