"""The search that every head got: learning rates x numbers of demonstrations, success on validation scenes.

    python perf/tuning.py --out runs/tuning --demos 20 --rates 3e-4 1e-3 3e-3

Appends one line a cell to results/tuning.csv and skips cells that are already there.
"""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import tyro
from cells import append, done

from para_bench.benchmarks.profiles import SEARCHED_BACKBONE, SEARCHED_REPLAN_STEPS
from para_bench.commands.parts.pages import replace_table
from para_bench.data.augmentation import Augmentation
from para_bench.execution.cells import outcomes, position_cm
from para_bench.heads import HEADS
from para_bench.optimisation.loop import TrainConfig
from para_bench.training.recipe import Recipe
from para_bench.training.trained import trained

COLUMNS = (
    "head",
    "demos",
    "learning_rate",
    "weight_decay",
    "steps",
    "batch",
    "copies",
    "refine",
    "backbone",
    "replan_steps",
    "train_seed",
    "episodes",
    "success",
    "grasp_cm",
    "val_cm",
    "failed_by",
)


@dataclass(frozen=True)
class Args:
    out: Path = Path("runs/tuning")
    table: Path = Path("results/tuning.csv")
    heads: tuple[str, ...] = tuple(HEADS)
    demos: tuple[int, ...] = (20,)
    rates: tuple[float, ...] = (3e-4, 1e-3, 3e-3)
    decays: tuple[float, ...] = (3e-2,)
    steps: tuple[int, ...] = (2000,)
    batch: int = 16
    copies: int = 3
    """Augmented copies of each frame; 0 switches augmentation off."""
    refine: int = 0
    """Further steps from the finished checkpoint, at 0.3 times the rate: what a longer schedule would have given, at less cost."""
    backbone: str = SEARCHED_BACKBONE
    """Whose features; the search stays on what was the default when it began, so that its rows compare."""
    replan_steps: int = SEARCHED_REPLAN_STEPS
    """Timesteps executed before the camera is read again; the same of the search."""
    seeds: int = 1
    episodes: int = 100
    workers: int = 2
    into: Path | None = None
    """Page whose table between the marks is rewritten from the rows; `--table-only` for nothing else."""
    mark: str = "search"
    """Which table of the page."""
    table_only: bool = False


def main(args: Args) -> None:
    if not args.table_only:
        search(args)
    if args.into is not None:
        replace_table(args.into, args.mark, markdown(args.table))


def markdown(path: Path) -> str:
    """The rows as a pipe table: a line a head, its best rate bold."""
    with path.open() as file:
        rows = list(csv.DictReader(file))
    rates = sorted({float(row["learning_rate"]) for row in rows})
    lines = ["| head | " + " | ".join(f"{rate:g}: of 100, grasp cm, val cm" for rate in rates) + " |", "|---" * (len(rates) + 1) + "|"]
    for head in (head for head in HEADS.builtin if any(row["head"] == head for row in rows)):
        found = {float(row["learning_rate"]): row for row in rows if row["head"] == head}
        best = max(found, key=lambda rate: (int(found[rate]["success"]), -float(found[rate]["val_cm"])))
        cells = []
        for rate in rates:
            row = found.get(rate)
            text = f"{row['success']}, {row['grasp_cm']}, {row['val_cm']}" if row else "not run"
            cells.append(f"**{text}**" if rate == best and len(found) == len(rates) else text)
        lines.append(f"| `{head}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def search(args: Args) -> None:
    """Train and roll out the cells that have no row yet."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    known = done(args.table, COLUMNS[:12])
    cells = itertools.product(args.demos, args.steps, args.heads, args.rates, args.decays, range(args.seeds))
    for demos, steps, head, rate, decay, seed in cells:
        train = TrainConfig(learning_rate=rate, weight_decay=decay, steps=steps, batch=args.batch)
        setting = (train.batch, args.copies, args.refine, args.backbone, args.replan_steps)
        key = (head, demos, rate, decay, steps, *setting, seed, args.episodes)
        if tuple(map(str, key)) in known:
            continue
        recipe = replace(Recipe(head, seed, demos, backbone=args.backbone), train=train, augmentation=Augmentation(copies=args.copies))
        if args.refine:
            recipe = replace(recipe, base=recipe, train=replace(train, steps=args.refine, learning_rate=0.3 * rate))
        folder = trained(recipe, args.out, device)
        (found,) = outcomes(recipe, folder, args.episodes, args.workers, replan_steps=args.replan_steps).values()
        grasps = [100 * o.grasp_error_m for o in found if o.grasp_error_m is not None]
        success, grasp = sum(o.success_at_end for o in found), round(float(np.median(grasps)), 2) if grasps else ""
        reasons = Counter(o.reason for o in found if not o.success_at_end).most_common()
        measured = (success, grasp, round(position_cm(folder), 3), ", ".join(f"{reason} {count}" for reason, count in reasons))
        append(args.table, dict(zip(COLUMNS, (*key, *measured), strict=True)))


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
