"""What the scripts that choose settings share: the table of which a cell is a line."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path


def done(table: Path, keys: Sequence[str]) -> set[tuple[str, ...]]:
    """What the columns `keys` hold in the lines that are there."""
    if not table.exists():
        return set()
    with table.open() as file:
        return {tuple(row[name] for name in keys) for row in csv.DictReader(file)}


def append(table: Path, row: dict[str, object]) -> None:
    """A line more; the first one brings the header."""
    print(row, flush=True)
    table.parent.mkdir(parents=True, exist_ok=True)
    new = not table.exists()
    with table.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)
