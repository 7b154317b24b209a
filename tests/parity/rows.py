"""One row a training: the file that collects them, and the table made from it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from itertools import product
from pathlib import Path
from typing import get_type_hints

import numpy as np

from para_bench.types import ParaBenchError

MARGIN = 1.2
"""Ours may err by a fifth more than lerobot's (the acceptance rule)."""


@dataclass(frozen=True)
class Key:
    """What decides a training."""

    policy: str
    """act or diffusion."""
    side: str
    """ours or lerobot."""
    inputs: str
    """features (of our frozen backbone) or images (through a ResNet18 that is trained too)."""
    size: str
    """default: the side's own widths; ours: our widths on lerobot's side."""
    loop: str
    """Whose optimiser, schedule and averaging: ours or lerobot."""
    rate: str
    """Learning rate; `preset` is that of lerobot's configuration."""
    demos: int
    steps: int
    batch: int
    seed: int
    data: str
    """Hash of the dumps."""
    version: str
    """Of the code: our checkpoint's hash, or lerobot's release."""

    @property
    def cell(self) -> tuple[str, int, int, int, str]:
        """What both sides of a comparison share, the seed apart."""
        return self.policy, self.demos, self.steps, self.batch, self.data

    @property
    def name(self) -> str:
        """Fit for a file; `data` and `version` are left out."""
        return f"{self.policy}-{self.inputs}-{self.size}-{self.loop}-{self.rate}-{self.steps}x{self.batch}-s{self.seed}"


@dataclass(frozen=True)
class Row(Key):
    """A finished training."""

    parameters: int
    position_cm: float
    yaw_deg: float
    opening_accuracy: float
    seconds_per_step: float
    """Ours with its points on the validation curve."""

    @property
    def key(self) -> Key:
        return Key(**{f.name: getattr(self, f.name) for f in fields(Key)})


def append_row(path: Path, row: Row) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(Row)])
        if new:
            writer.writeheader()
        writer.writerow(asdict(row))


def read_rows(path: Path) -> list[Row]:
    """Nothing where there is no file.

    Raises:
        ParaBenchError: another file's columns.
    """
    if not path.exists():
        return []
    kinds = get_type_hints(Row)
    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != [f.name for f in fields(Row)]:
            raise ParaBenchError(f"{path} has columns {reader.fieldnames}; allowed: {[f.name for f in fields(Row)]}")
        return [Row(**{name: kinds[name](value) for name, value in line.items()}) for line in reader]


def markdown(rows: Sequence[Row]) -> str:
    """Each way to train lerobot's policy beside our head on the same data for as many samples; means over the seeds that both have."""
    lines = [
        "| policy | demos | steps x batch | seeds | our rate | ours: cm, deg, opening | lerobot's inputs, widths, loop, rate "
        "| lerobot: cm, deg, opening | ours / lerobot, cm | within 20 % |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for cell in dict.fromkeys(row.cell for row in rows):
        here = [row for row in rows if row.cell == cell]
        ways = {side: _ways([row for row in here if row.side == side]) for side in ("ours", "lerobot")}
        found = []
        for (mine, ours), (way, theirs) in product(ways["ours"].items(), ways["lerobot"].items()):
            if seeds := sorted(ours.keys() & theirs.keys()):
                found.append((mine, way, len(seeds), _means(ours, seeds), _means(theirs, seeds)))
        for mine, way, count, ours, theirs in sorted(found, key=lambda entry: entry[-1]):  # lerobot's best first: the hardest to reach
            ratio = ours[0] / theirs[0]
            policy, demos, steps, batch, _ = cell
            verdict = "yes" if ratio <= MARGIN else "no"
            lines.append(
                f"| {policy} | {demos} | {steps} x {batch} | {count} | {mine[-1]} | {_cell(ours)} | {', '.join(way)} | {_cell(theirs)} "
                f"| {ratio:.2f} | {verdict} |"
            )
    return "\n".join(lines) + "\n"


def _ways(rows: Sequence[Row]) -> dict[tuple[str, ...], dict[int, Row]]:
    """Rows by the way they were trained, then by seed; of several the last, since code that changed is trained again."""
    found: dict[tuple[str, ...], dict[int, Row]] = {}
    for row in rows:
        found.setdefault((row.inputs, row.size, row.loop, row.rate), {})[row.seed] = row
    return found


def _means(rows: dict[int, Row], seeds: Sequence[int]) -> tuple[float, float, float]:
    found = [(rows[seed].position_cm, rows[seed].yaw_deg, rows[seed].opening_accuracy) for seed in seeds]
    position, yaw, opening = np.mean(found, axis=0)
    return float(position), float(yaw), float(opening)


def _cell(figures: tuple[float, float, float]) -> str:
    return f"{figures[0]:.2f}, {figures[1]:.1f}, {figures[2]:.3f}"
