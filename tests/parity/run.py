"""Trains our `act` and `diffusion` and lerobot's policies on the same demonstrations for as many samples, and compares their errors.

    make parity ARGS="--demos 20 --steps 1600 --batch 16"

Appends a row a training to results/v1/parity.csv and skips trainings that have one; a training that was cut off continues.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
import tyro

from para_bench.commands.parts.pages import replace_table
from para_bench.types import ParaBenchError
from parity.dump import Dump
from parity.errors import action_errors
from parity.export import Dumps, export
from parity.ours import our_chunks, our_recipe, our_version
from parity.rows import Key, Row, append_row, markdown, read_rows

LEROBOT = "lerobot 0.4.4"
"""scripts/install_lerobot.sh installs it; rows of another release are other rows."""


@dataclass(frozen=True)
class Args:
    demos: int = 20
    """Demonstrations to train on; those to validate on are always the same 6."""
    steps: int = 1600
    """Optimiser steps; with `batch` the samples seen."""
    batch: int = 16
    seed: tuple[int, ...] = (0,)
    """Train seeds."""
    policies: tuple[Literal["act", "diffusion"], ...] = ("act", "diffusion")
    inputs: tuple[Literal["features", "images"], ...] = ("features",)
    """What lerobot's policies read: our frozen features, or images through a ResNet18 that is trained too."""
    sizes: tuple[Literal["default", "ours"], ...] = ("ours",)
    """Widths of lerobot's policies: their own (`default`; 40 and 250 million parameters, hours on a CPU), or those of our heads."""
    trainings: tuple[str, ...] = ("lerobot:preset", "lerobot:1e-4", "ours:3e-4", "ours:1e-3")
    """Ways to train lerobot's policies, LOOP:RATE: LOOP `lerobot` or `ours` (optimiser, schedule, averaging), RATE `preset` or a number."""
    our_rate: float | None = None
    """Rate of our heads; left out, the one that the benchmark uses."""
    out: Path = Path("runs/parity")
    """Demonstrations, dumps, LeRobotDatasets, checkpoints."""
    table: Path = Path("results/v1/parity.csv")
    into: Path | None = None
    """Page whose table between the marks is rewritten; left out, the table is only printed."""
    python: Path = Path(".venv-lerobot/bin/python")
    """Of the environment with lerobot (`make parity` makes it)."""
    table_only: bool = False
    """Train nothing: the table from the rows that are there."""


def main(args: Args) -> None:
    if not args.table_only:
        for way in args.trainings:
            loop, _, rate = way.partition(":")
            if loop not in ("lerobot", "ours") or not rate or (loop, rate) == ("ours", "preset"):
                raise ParaBenchError(f"--trainings {way}; allowed: lerobot:preset, lerobot:NUMBER, ours:NUMBER")
        if not args.python.exists():
            raise ParaBenchError(f"no lerobot in --python {args.python}; allowed: the Python that `make parity` installs")
        _train_all(args)
    text = markdown(read_rows(args.table))
    print(text)
    if args.into is not None:
        replace_table(args.into, "parity", text)


def _train_all(args: Args) -> None:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dumps = export(our_recipe("act", args.demos, args.steps, args.batch, 0, None), args.out, device)
    for seed in args.seed:
        for policy in args.policies:
            _train_ours(args, policy, seed, dumps, device)
            for inputs in args.inputs:
                for size in args.sizes:
                    for way in args.trainings:
                        loop, _, rate = way.partition(":")
                        cap = (args.demos, args.steps, args.batch, seed)
                        _train_lerobot(args, Key(policy, "lerobot", inputs, size, loop, rate, *cap, dumps.hash, LEROBOT), dumps)


def _train_ours(args: Args, policy: str, seed: int, dumps: Dumps, device: torch.device) -> None:
    recipe = our_recipe(policy, args.demos, args.steps, args.batch, seed, args.our_rate)
    rate, version = f"{recipe.train.learning_rate:g}", our_version(recipe, args.out)
    key = Key(policy, "ours", "features", "default", "ours", rate, args.demos, args.steps, args.batch, seed, dumps.hash, version)
    if not _done(args, key):
        chunks, parameters, seconds = our_chunks(recipe, args.out, device)
        _append(args, key, chunks, parameters, seconds, dumps.validation)


def _train_lerobot(args: Args, key: Key, dumps: Dumps) -> None:
    if _done(args, key):
        return
    out = dumps.folder / "lerobot" / f"{key.name}.npz"
    out.parent.mkdir(exist_ok=True)
    if not out.exists():
        options = {name: getattr(key, name) for name in ("policy", "inputs", "size", "loop", "rate", "steps", "batch", "seed")}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        command = [args.python, "-m", "parity.train_lerobot", "--dumps", dumps.folder, "--out", out, *words]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])})
    with np.load(out, allow_pickle=False) as found:
        chunks, meta = found["chunks"], json.loads(str(found["meta"]))
    if meta["version"] != key.version:
        raise ParaBenchError(f"{out} is by {meta['version']}; allowed: {key.version} (delete the file to train again)")
    _append(args, key, chunks, meta["parameters"], meta["seconds_per_step"], dumps.validation)


def _done(args: Args, key: Key) -> bool:
    return key in {row.key for row in read_rows(args.table)}


def _append(args: Args, key: Key, chunks: np.ndarray, parameters: int, seconds: float, validation: Dump) -> None:
    errors = action_errors(chunks, validation)
    figures = (round(errors.position_cm, 3), round(errors.yaw_deg, 2), round(errors.opening_accuracy, 4))
    row = Row(**asdict(key), parameters=parameters, **dict(zip(asdict(errors), figures, strict=True)), seconds_per_step=round(seconds, 4))
    append_row(args.table, row)
    print(f"{key.side} {key.name}: {row.position_cm} cm, {row.yaw_deg} deg, {row.opening_accuracy} opening", flush=True)


if __name__ == "__main__":
    try:
        main(tyro.cli(Args, description=__doc__))
    except ParaBenchError as error:
        sys.exit(f"para-bench: {error}")
