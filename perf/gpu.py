"""Does a GPU train the same policies as the CPU, and how fast? Under 8 minutes with one GPU.

    python perf/gpu.py

Runs `run`, `run --finetune` and `suite smoke` at the smoke profile on each device into folders of their own and compares what came out:
the demonstrations must be the same ones, the loss of one checkpoint on both devices may differ by LOSS_TOLERANCE, and the weights after
all steps by WEIGHTS_TOLERANCE, each relatively. A GPU adds in another order and rounds products to TF32 in convolutions, so bits differ.
Then it prints the rates of training, of features and of drawing. `--devices cpu cpu` tries the script where no GPU is at hand: all
differences are then 0.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import tyro
from safetensors.torch import load_file

from para_bench.backbones.create import create_backbone
from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import sample_scene
from para_bench.files import write_json
from para_bench.records import read
from para_bench.training.saved import CONFIG, WEIGHTS
from para_bench.types import DEFAULT_BACKBONE

LOSS_TOLERANCE, WEIGHTS_TOLERANCE = 0.02, 0.05
"""Of the last validation loss, and of the norm of a head's weights, after the 40 steps of the smoke profile."""
COMMANDS = {
    "run": ("run", "--head", "para", "global_token", "diffusion", "--split", "id", "--profile", "smoke", "--no-videos"),
    "finetune": ("run", "--head", "para", "--split", "id", "--profile", "smoke", "--no-videos", "--finetune"),
    "suite": ("suite", "smoke"),
}


@dataclass(frozen=True)
class Args:
    devices: tuple[str, str] = ("cpu", "cuda")
    """Compared with each other."""
    only: tuple[str, ...] = tuple(COMMANDS)
    """Which commands."""
    out: Path = Path("gpu.json")
    """All figures."""


@dataclass(frozen=True)
class Row:
    """One checkpoint on both devices."""

    command: str
    checkpoint: str
    same_demonstrations: bool
    loss: tuple[float, float]
    """Last validation loss."""
    weights: float
    """Norm of the difference over the norm."""
    seconds: tuple[float, float]
    """Of the training."""

    @property
    def holds(self) -> bool:
        first, second = self.loss
        return self.same_demonstrations and abs(first - second) <= LOSS_TOLERANCE * abs(first) and self.weights <= WEIGHTS_TOLERANCE


def run(words: tuple[str, ...], device: str, folder: Path) -> None:
    """One command in a process of its own; its demonstrations and features are shared with nobody."""
    environment = {**os.environ, "PARA_BENCH_CACHE": str(folder / "cache")}
    command = [sys.executable, "-m", "para_bench", *words, "--device", device, "--out", str(folder / "out")]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def checkpoints(folder: Path) -> dict[str, Path]:
    """By their names without the hash."""
    return {path.parent.name.rpartition("-")[0]: path.parent for path in sorted((folder / "out/checkpoints").glob(f"*/{CONFIG}"))}


def compared(command: str, name: str, first: Path, second: Path) -> Row:
    made: list[dict[str, Any]] = [json.loads((folder / CONFIG).read_text()) for folder in (first, second)]
    losses = [float((folder / "curve.csv").read_text().splitlines()[-1].split(",")[2]) for folder in (first, second)]
    one, other = (torch.cat([value.flatten().double() for value in load_file(folder / WEIGHTS).values()]) for folder in (first, second))
    return Row(
        command,
        name,
        made[0]["demonstrations_hash"] == made[1]["demonstrations_hash"],
        (losses[0], losses[1]),
        float((one - other).norm() / one.norm()),
        (made[0]["training_seconds"], made[1]["training_seconds"]),
    )


def images_per_second(device: str, size: int = 224, batch: int = 8, seconds: float = 5.0) -> float:
    """Features of a frozen backbone."""
    backbone = create_backbone(DEFAULT_BACKBONE, size).to(device)
    images, done = np.random.default_rng(0).integers(0, 255, (batch, size, size, 3), dtype=np.uint8), 0
    backbone.extract(images)
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        backbone.extract(images)
        done += batch
    return done / (time.perf_counter() - started)


def drawn_per_second(size: int = 224, seconds: float = 5.0) -> tuple[float, str]:
    """Images of one scene, and the name of what draws them."""
    env, done = TaskEnv(image_size=size), 0
    env.start(sample_scene(np.random.default_rng(0)))
    env.render()
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        env.render()
        done += 1
    return done / (time.perf_counter() - started), os.environ.get("MUJOCO_GL", "glfw")


def main(args: Args) -> int:
    rows: list[Row] = []
    outcomes: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as root:
        for command in args.only:
            folders = [Path(root) / f"{command}-{index}-{device}" for index, device in enumerate(args.devices)]
            for device, folder in zip(args.devices, folders, strict=True):
                run(COMMANDS[command], device, folder)
                outcomes.setdefault(command, []).append(sum(record.success_at_end for record in read(folder / "out")))
            first, second = map(checkpoints, folders)
            assert first.keys() == second.keys(), "the same checkpoints on both devices"
            rows += [compared(command, name, first[name], second[name]) for name in first]
    print(f"{'command':9} {'checkpoint':34} {'demos':6} {'loss':>21} {'weights':>8} {'seconds':>15}")
    for row in rows:
        told = f"{row.loss[0]:10.4f} {row.loss[1]:10.4f} {row.weights:8.4f} {row.seconds[0]:7.1f} {row.seconds[1]:7.1f}"
        demos = "same" if row.same_demonstrations else "OTHER"
        print(f"{row.command:9} {row.checkpoint:34} {demos:6} {told} {'' if row.holds else 'DIFFERS'}")
    for command, found in outcomes.items():
        print(f"{command}: {found[0]} and {found[1]} successes")
    rates = {device: round(images_per_second(device), 1) for device in dict.fromkeys(args.devices)}
    drawing, back_end = drawn_per_second()
    for device, rate in rates.items():
        print(f"features on {device}: {rate:.0f} images/s")
    print(f"drawing with {back_end}: {drawing:.0f} images/s")
    figures = {"rows": [asdict(row) for row in rows], "successes": outcomes, "features_per_s": rates, "drawn_per_s": round(drawing, 1)}
    write_json(args.out, {**figures, "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else ""})
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(tyro.cli(Args, description=__doc__)))
