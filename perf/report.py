"""Time and memory of `para-bench table` and `para-bench figures` on synthetic records of the whole protocol.

    python perf/report.py --records 50000

Prints a table of seconds and peak memory, each command in a process of its own. The records are random numbers in the format of
a run; they stand for no policy.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro

from para_bench.records import EpisodeRecord
from para_bench.types import to_dict

HEADS = {"para": 0.9, "global_token": 0.5, "diffusion": 0.3, "act": 0.4}
"""Head -> its success in distribution."""
CELLS = tuple(f"a{a}e{e}" for a in range(8) for e in range(8))
DEMOS = ("4", "8", "16", "32", "64", "128", "256")
PROTOCOL: dict[str, dict[str, tuple[str, ...]]] = {
    "id": {},
    "novel_view": {"view_angle": ("5", "10", "15", "20", "25", "30", "45"), "view_grid": CELLS},
    "view_hemisphere": {"hemisphere": ("right",)},
    "view_adaptation": {"adaptation": ("0", "5")},
    "left_to_right": {"object_position": ("right",)},
    "near_to_far": {"object_position": ("far",)},
    "new_environment": {"environment": ("1",)},
    "lighting": {"lighting": ("1", "2", "3")},
    "texture": {"texture": ("1", "2", "3")},
    "distractors": {"distractors": ("2", "4", "8")},
    "layout": {"layout": ("1",)},
    "object": {"object": ("1", "2")},
    "camera_intrinsics": {"fovy": ("30", "55")},
    "calibration": {"calibration_rotation": ("0.5", "1", "2", "5"), "calibration_translation": ("0.5", "1", "2", "5")},
    "data_efficiency": {"demos_random": DEMOS, "demos_grid": DEMOS},
    "combined": {"combined": ("1",)},
}
"""Split -> factor -> levels; the map's cells share the scenes out, other levels all have them."""
REASONS = {"none": "wrong_place", "reach": "not_grasped", "grasp": "not_lifted", "lift": "unreachable", "place": "undone"}


@dataclass(frozen=True)
class Args:
    records: int = 50_000
    """How many, at least."""
    seeds: int = 5
    """Training seeds of each head."""
    out: Path | None = None
    """Keep the records and what is made of them here."""


def synthetic(split: str, scenes: int, seeds: int) -> Iterator[EpisodeRecord]:
    """Records of all heads and the oracle in every condition of a split."""
    rng = np.random.default_rng([seeds, scenes, len(split), ord(split[-1])])
    xy = rng.uniform((0.14, -0.15, 0.14, -0.15), (0.27, 0.15, 0.27, 0.15), (scenes, 4))
    conditions = [("id", "0"), *((factor, level) for factor, levels in PROTOCOL[split].items() for level in levels)]
    for factor, level in conditions:
        cell = CELLS.index(level) if factor == "view_grid" else None
        for i in range(scenes) if cell is None else range(cell * 37 % len(CELLS), scenes, len(CELLS)):
            place = _moved(xy[i], split, factor)
            for head, skill in {**HEADS, "oracle": 1.0}.items():
                for seed in range(seeds if head in HEADS else 1):
                    chance = skill * (1 - _strength(factor, level) * (0.4 if head == "para" else 0.9)) if head in HEADS else 1.0
                    yield _record(split, (factor, level), i, head, seed, place, bool(rng.random() < chance * (1 - 0.03 * seed)), rng)


def _strength(factor: str, level: str) -> float:
    if factor == "id":
        return 0.0
    if factor.startswith("demos"):
        return 1 - DEMOS.index(level) / len(DEMOS)
    if factor == "view_grid":
        return (abs(int(level[1]) - 3.5) + abs(int(level[3]) - 3.5)) / 7
    return min(1.0, float(level) / 45) if factor == "view_angle" else 0.6


def _moved(place: np.ndarray, split: str, factor: str) -> np.ndarray:
    """Objects of the position splits: one half of the table in the control, the other in the condition."""
    x, y, *target = place
    if split == "left_to_right":
        y = abs(y) * (1 if factor == "id" else -1)
    if split == "near_to_far":
        x = 0.14 + (x - 0.14) / 2 + (0.0 if factor == "id" else 0.065)
    return np.array([x, y, *target])


def _record(
    split: str, condition: tuple[str, str], index: int, head: str, seed: int, place: np.ndarray, success: bool, rng: np.random.Generator
) -> EpisodeRecord:
    factor, level = condition
    stage = "place" if success else str(rng.choice(list(REASONS), p=(0.4, 0.1, 0.2, 0.2, 0.1)))
    learned = head in HEADS
    own = f"-{factor}-{level}" if split in ("data_efficiency", "view_adaptation") and factor != "id" else ""
    names = ("object_x_m", "object_y_m", "target_x_m", "target_y_m")
    return EpisodeRecord(
        success_once=success,
        success_at_end=success,
        stage=stage,
        reason="success" if success else REASONS[stage],
        steps=26,
        seconds=0.5,
        sim_seconds=7.0,
        grasp_error_m=round(float(rng.exponential(0.01)), 5) if stage != "none" else None,
        place_error_m=round(float(rng.exponential(0.02)), 5),
        extra={"path_m": 0.6, **{name: round(float(value), 5) for name, value in zip(names, place, strict=True)}},
        suite_version="1",
        split=split,
        condition=factor,
        level=level,
        scene_index=index,
        scene_hash=f"{split}-{factor}-{level}-{index}",
        head=head,
        backbone="efficientnet_lite0" if learned else "",
        train_seed=seed,
        demos=(int(level) if factor.startswith("demos") else 20) if learned else 0,
        checkpoint_hash=f"{head}-{seed}{own}" if learned else "",
        config_hash="synthetic",
    )


def write(out: Path, scenes: int, seeds: int) -> int:
    """A results folder of every split, configuration files included; returns the number of records."""
    total = 0
    for split in PROTOCOL:
        lines = [json.dumps(to_dict(record), separators=(",", ":")) for record in synthetic(split, scenes, seeds)]
        (out / split).mkdir(parents=True, exist_ok=True)
        (out / split / "episodes.jsonl").write_text("\n".join(lines) + "\n")
        config = {"split": split, "heads": list(HEADS), "profile": {"seeds": seeds, "episodes": scenes}, "references": ["oracle"]}
        (out / split / "config.json").write_text(json.dumps(config))
        total += len(lines)
    return total


def measured(words: list[str]) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak memory [GB] of the command in a process of its own."""
    started, command = time.perf_counter(), [sys.executable, "-c", "from para_bench.cli import main; main()", *words]
    process = os.posix_spawn(sys.executable, command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"{' '.join(words)}: exit status {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6


def main(args: Args) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        out = args.out or Path(scratch)
        records = out / "records"
        each = sum(1 for split in PROTOCOL for _ in synthetic(split, len(CELLS), args.seeds)) / len(CELLS)
        total = write(records, -(-args.records // int(each)), args.seeds)
        print(f"{total} records\n\n| command | seconds | of one core | peak memory [GB] |\n|---|---:|---:|---:|", flush=True)
        for words in (["table", "--format", "latex", "--published"], ["figures", "--out", str(out / "figures")]):
            seconds, busy, memory = measured([words[0], str(records), *words[1:]])
            print(f"| {words[0]} | {seconds:.1f} | {busy:.1f} | {memory:.2f} |", flush=True)


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
