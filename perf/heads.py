"""Seconds that each head takes to train and to be tested on `id` and `novel_view` at the default profile.

    python perf/heads.py --out runs/heads

Runs the command as a user would, one head after the other, in one folder: demonstrations, features and references, which all
heads share, are made first and not counted. Appends one line a head to results/v1/head_seconds.csv and skips heads that are already
there.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import tyro
from cells import append, done

from para_bench.benchmarks.profiles import find_profile
from para_bench.commands.parts.pages import replace_table
from para_bench.data.augmentation import Augmentation
from para_bench.heads import HEADS
from para_bench.rollouts.references import REFERENCES
from para_bench.training.prepare import prepare
from para_bench.training.recipe import Recipe

SPLITS = ("id", "novel_view")
ALLOWED_S = 360
PARA_BENCH = (sys.executable, "-c", "from para_bench.cli import main; main()")


@dataclass(frozen=True)
class Args:
    out: Path = Path("runs/heads")
    table: Path = Path("results/v1/head_seconds.csv")
    heads: tuple[str, ...] = tuple(HEADS)
    workers: int = 2
    into: Path | None = None
    """Page whose table between the marks is rewritten from the rows; `--table-only` for nothing else."""
    table_only: bool = False


def main(args: Args) -> None:
    if not args.table_only:
        measure(args)
    if args.into is not None:
        replace_table(args.into, "seconds", markdown(args.table))


def measure(args: Args) -> None:
    """Time the heads that have no line yet."""
    known = done(args.table, ("head",))
    wanted = [head for head in args.heads if (head,) not in known]
    if wanted:
        profile = find_profile("default")
        shared = Recipe("para", 0, profile.demos, augmentation=Augmentation(copies=profile.copies))
        prepare(shared, args.out, torch.device("cpu"))
        _run([*REFERENCES], args)
    for head in wanted:
        if any(args.out.glob(f"checkpoints/{head}-default-*")):
            raise SystemExit(f"{head} was cut off in {args.out}, what is left of it takes fewer seconds; allowed: another --out")
        seconds = _run([head], args)
        config = max(args.out.glob(f"checkpoints/{head}-default-*/config.json"), key=lambda path: path.stat().st_mtime)
        training = json.loads(config.read_text())["training_seconds"]
        append(args.table, {"head": head, "training_s": round(training), "both_splits_s": round(seconds)})


def markdown(path: Path) -> str:
    """A line a head; what took longer than ALLOWED_S is bold."""
    with path.open() as file:
        rows = list(csv.DictReader(file))
    lines = ["| head | training s | training and both splits s |", "|---|---:|---:|"]
    for row in rows:
        text = f"**{row['both_splits_s']}**" if int(row["both_splits_s"]) > ALLOWED_S else row["both_splits_s"]
        lines.append(f"| `{row['head']}` | {row['training_s']} | {text} |")
    return "\n".join(lines) + "\n"


def _run(heads: list[str], args: Args) -> float:
    started = time.monotonic()
    for split in SPLITS:
        command = [*PARA_BENCH, "run", "--head", *heads, "--split", split, "--no-videos", "--out", str(args.out)]
        subprocess.run([*command, "--workers", str(args.workers)], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
