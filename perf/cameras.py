"""The tests that results/camera_diversity/README.md declared before its first episode, from the records.

    python perf/cameras.py --into results/camera_diversity/declared.md

Exact McNemar over the same scenes, two-sided, Holm over the whole family. A comparison of two sides that both place less than 10 % is
marked floor; it counts with p = 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tyro

from para_bench import records
from para_bench.commands.parts.pages import replace_table
from para_bench.report.statistics.families import holm, verdict
from para_bench.report.statistics.floors import FLOOR, FLOOR_MARK
from para_bench.report.statistics.paired import PairCounts, mcnemar_p, pair_counts, paired_difference
from para_bench.report.statistics.rates import bracket

ROOT = Path(__file__).resolve().parents[1]
HEADS = ("para", "global_token", "global_token_plucker")
RIVALS = (("para", "global_token"), ("global_token_plucker", "global_token"))
MORE = ("16", "each")
PLACES = ("inside", "beyond")


class Side(NamedTuple):
    head: str
    cameras: str
    """Number of training cameras, or `each`."""
    tested: str


@dataclass(frozen=True)
class Args:
    results: Path = ROOT / "results/camera_diversity"
    into: Path | None = None
    """Page that gets the table between its marks `declared`."""


def main(args: Args) -> None:
    found = outcomes(args.results)
    text = markdown(found, declared())
    print(text)
    if args.into is not None:
        replace_table(args.into, "declared", text)


def declared() -> list[tuple[Side, Side]]:
    """The 20 comparisons; the verdict is about the first side."""
    pairs = [(Side(head, more, tested), Side(head, "1", tested)) for head in HEADS for tested in PLACES for more in MORE]
    return pairs + [(Side(a, more, tested), Side(b, more, tested)) for a, b in RIVALS for tested in PLACES for more in MORE]


def outcomes(results: Path) -> dict[Side, np.ndarray]:
    """Successes of each side, scenes in order."""
    rows: dict[Side, dict[int, bool]] = {}
    for record in records.read(results / "camera_diversity"):
        factor, _, tested = record.condition.partition("_")
        if factor == "cameras":
            side = Side(record.head, record.level, tested) if tested in PLACES else Side(record.head, "each", record.level)
            rows.setdefault(side, {})[record.scene_index] = record.success_at_end
    return {side: np.array([row[scene] for scene in sorted(row)]) for side, row in rows.items()}


def markdown(found: dict[Side, np.ndarray], pairs: list[tuple[Side, Side]]) -> str:
    counts = [pair_counts(found[first], found[second]) for first, second in pairs]
    low = [all(found[side].mean() < FLOOR for side in pair) for pair in pairs]
    adjusted = holm([1.0 if floor else mcnemar_p(count) for count, floor in zip(counts, low, strict=True)])
    lines = ["| tested | first | second | of 100 | points [95 %] | p (Holm) | verdict |", "|---|---|---|---:|---:|---:|---|"]
    for (first, second), count, p, floor in zip(pairs, counts, adjusted, low, strict=True):
        lines.append(line(first, second, count, p, floor))
    return "\n".join(lines) + "\n"


def line(first: Side, second: Side, count: PairCounts, p: float, floor: bool) -> str:
    estimate = paired_difference(count)
    points = bracket(estimate.value, estimate.low, estimate.high, sign=True)
    said = FLOOR_MARK if floor else verdict(estimate.value, p, sum(count))
    successes = f"{count.both + count.first_only} : {count.both + count.second_only}"
    shown = "" if floor else "< 0.001" if p < 0.001 else f"{p:.3f}"
    words = (f"`{side.head}`, {'each' if side.cameras == 'each' else side.cameras}" for side in (first, second))
    return f"| {first.tested} | {' | '.join(words)} | {successes} | {points} | {shown} | {said} |"


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
