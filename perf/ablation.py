"""What each setting of training and of acting is worth: one change at a time from the first default, success on validation scenes.

    python perf/ablation.py --out runs/ablation --into results/v1/ABLATION.md

Appends one line a cell to results/v1/ablation.csv and skips cells that are already there. Conditions are those of the split `validation`:
in distribution, 15 and 25 deg off, and rooms that no training saw. None of its scenes is a test scene.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import tyro
from cells import append, done

from para_bench.benchmarks.profiles import DEFAULT_LEARNING_RATE, LEARNING_RATES, SEARCHED_BACKBONE, SEARCHED_REPLAN_STEPS, find_profile
from para_bench.benchmarks.splits import VALIDATION
from para_bench.commands.parts.pages import replace_table
from para_bench.data.augmentation import Augmentation
from para_bench.execution.cells import outcomes, position_cm
from para_bench.heads.base import HeadConfig
from para_bench.optimisation.loop import TrainConfig
from para_bench.report.statistics.rates import wilson
from para_bench.training.recipe import Recipe
from para_bench.training.trained import trained

KEYS = ("setting", "head", "train_seed", "episodes")
DEFAULT = "first default"
COMPARED = ("para", "global_token", "spatial_softmax")
"""A heatmap, a pooled token, and the strongest regression that trains in minutes: the heads over which the rule adds up."""
_COLOURS_OFF, _TURNS_OFF = {"jitter": 0.0, "hue": 0.0, "field": 0.0}, {"pan_deg": 0.0, "roll_deg": 0.0, "zoom": 0.0}


@dataclass(frozen=True)
class Setting:
    change: Callable[[Recipe], Recipe]
    replan_steps: int = SEARCHED_REPLAN_STEPS


def _augmented(**fields: float) -> Setting:
    return Setting(lambda recipe: replace(recipe, augmentation=replace(recipe.augmentation, **fields)))


def _steps(factor: float) -> Setting:
    return Setting(lambda recipe: replace(recipe, train=replace(recipe.train, steps=round(factor * recipe.train.steps))))


def _same(recipe: Recipe) -> Recipe:
    return recipe


def _backbone(name: str) -> Callable[[Recipe], Recipe]:
    return lambda recipe: replace(recipe, backbone=name)


SETTINGS = {
    DEFAULT: Setting(_same),
    "augmentation none": Setting(lambda recipe: replace(recipe, augmentation=Augmentation(copies=0))),
    "augmentation colours only": _augmented(**_TURNS_OFF),
    "augmentation turns only": _augmented(**_COLOURS_OFF),
    "augmentation 7 copies": _augmented(copies=7),
    "colour field 0.9": _augmented(field=0.9),
    "backbone lite2": Setting(_backbone("efficientnet_lite2")),
    "backbone lite0_multiview": Setting(_backbone("lite0_multiview")),
    "strides 4 to 32": Setting(_backbone("efficientnet_lite0_s4")),
    "strides 16 and 32": Setting(_backbone("efficientnet_lite0_s16")),
    "fine-tuned": Setting(lambda recipe: replace(recipe, finetune=True)),
    "320 px": Setting(lambda recipe: replace(recipe, image_size=320)),
    "448 px": Setting(lambda recipe: replace(recipe, image_size=448)),
    "decode argmax": Setting(lambda recipe: replace(recipe, head_config=HeadConfig(decode="argmax"))),
    "replan after 4": Setting(_same, 4),
    "replan after 12": Setting(_same, 12),
    "half the steps": _steps(0.5),
    "twice the steps": _steps(2),
    "lite0_multiview, replan after 12": Setting(_backbone("lite0_multiview"), 12),
    "lite0_multiview, replan after 12, 7 copies": Setting(
        lambda recipe: replace(recipe, backbone="lite0_multiview", augmentation=replace(recipe.augmentation, copies=7)), 12
    ),
    "lite0_multiview, replan after 12, 1.5 times the steps": Setting(
        lambda recipe: replace(recipe, backbone="lite0_multiview", train=replace(recipe.train, steps=3 * recipe.train.steps // 2)), 12
    ),
}
"""Rows of the table; the first is what the others change, the last are changes that helped alone, together."""


@dataclass(frozen=True)
class Args:
    out: Path = Path("runs/ablation")
    table: Path = Path("results/v1/ablation.csv")
    settings: tuple[str, ...] = tuple(SETTINGS)
    heads: tuple[str, ...] = COMPARED
    seeds: tuple[int, ...] = (0,)
    episodes: int = 100
    workers: int = 2
    into: Path | None = None
    """Page whose table between the marks is rewritten from the rows; `--table-only` for nothing else."""
    table_only: bool = False


def main(args: Args) -> None:
    if not args.table_only:
        ablate(args)
    if args.into is not None:
        replace_table(args.into, "ablation", markdown(args.table))
        replace_table(args.into, "totals", totals(args.table))


def ablate(args: Args) -> None:
    """Train and roll out the cells that have no row yet."""
    device, profile = torch.device("cuda" if torch.cuda.is_available() else "cpu"), find_profile("default")
    known = done(args.table, KEYS)
    for seed in args.seeds:
        for name in args.settings:
            for head in args.heads:
                key = dict(zip(KEYS, (name, head, seed, args.episodes), strict=True))
                if tuple(map(str, key.values())) in known:
                    continue
                train = TrainConfig(profile.steps, profile.batch, LEARNING_RATES.get(head, DEFAULT_LEARNING_RATE))
                plain = Recipe(
                    head, seed, profile.demos, backbone=SEARCHED_BACKBONE, train=train, augmentation=Augmentation(copies=profile.copies)
                )
                recipe = SETTINGS[name].change(plain)
                folder = trained(recipe, args.out, device)
                conditions = [condition.key for condition in VALIDATION.all_conditions]
                found = outcomes(recipe, folder, args.episodes, args.workers, conditions, SETTINGS[name].replan_steps)
                counts = {" ".join(where): sum(o.success_at_end for o in each) for where, each in found.items()}
                append(args.table, {**key, **counts, "val_cm": round(position_cm(folder), 3)})


def markdown(path: Path) -> str:
    """A block of lines a head: each setting's rate in %, with Wilson's interval, in each condition; seeds added up."""
    with path.open() as file:
        rows = list(csv.DictReader(file))
    conditions = [" ".join(condition.key) for condition in VALIDATION.all_conditions]
    lines = [f"| head | setting | seeds | {' | '.join(conditions)} | val cm |", "|---|---|" + "---:|" * (len(conditions) + 2)]
    for head in dict.fromkeys(row["head"] for row in rows):
        for setting in SETTINGS:
            found = [row for row in rows if (row["head"], row["setting"]) == (head, setting)]
            if found:
                n = sum(int(row["episodes"]) for row in found)
                cells = [_cell(sum(int(row[name]) for row in found), n) for name in conditions]
                val = np.mean([float(row["val_cm"]) for row in found])
                lines.append(f"| `{head}` | {setting} | {len(found)} | {' | '.join(cells)} | {val:.2f} |")
    return "\n".join(lines) + "\n"


def totals(path: Path) -> str:
    """Each setting: successes of its first training in all conditions, of each of COMPARED and of all; most first, whole lines only."""
    with path.open() as file:
        rows = list(csv.DictReader(file))
    conditions = [" ".join(condition.key) for condition in VALIDATION.all_conditions]
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        if row["train_seed"] == "0" and row["head"] in COMPARED:
            found.setdefault(row["setting"], {})[row["head"]] = sum(int(row[name]) for name in conditions)
    whole = {setting: counts for setting, counts in found.items() if len(counts) == len(COMPARED)}
    lines = [f"| setting | {' | '.join(f'`{head}`' for head in COMPARED)} | all |", "|---|" + "---:|" * (len(COMPARED) + 1)]
    for setting, counts in sorted(whole.items(), key=lambda item: -sum(item[1].values())):
        lines.append(f"| {setting} | {' | '.join(str(counts[head]) for head in COMPARED)} | {sum(counts.values())} |")
    return "\n".join(lines) + "\n"


def _cell(k: int, n: int) -> str:
    low, high = wilson(k, n)
    return f"{k}/{n} [{100 * low:.0f}, {100 * high:.0f}]"


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
