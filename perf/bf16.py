"""What bfloat16 autocast gives a training on this processor, and what it does to the validation figures.

    python perf/bf16.py --steps 1600 --seeds 3

Trains each head from the same first weights in float32 and with the loss under autocast, in turn; prints CPU seconds a step of both,
their ratio, and the last validation figures of each. Weights, optimiser and averages stay float32 in both.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import torch
import tyro
from torch import Tensor

from para_bench.benchmarks.profiles import LEARNING_RATES
from para_bench.execution.stopwatch import timed
from para_bench.files import write_json
from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.optimisation.loop import TrainConfig
from para_bench.training.learner import Learner
from para_bench.training.loop import train
from para_bench.training.prepare import Inputs, read_inputs
from para_bench.training.recipe import Recipe
from para_bench.training.validation import validation


@dataclass(frozen=True)
class Args:
    out: Path = Path("runs")
    backbone: str = "efficientnet_lite0"
    heads: tuple[str, ...] = ("para", "global_token")
    steps: int = 1600
    batch: int = 16
    seeds: int = 3
    json: Path | None = None
    """Where the figures go."""


class Autocast(Learner):
    """The same learner, its loss in bfloat16 where torch allows it."""

    def loss(self, inputs, batch) -> tuple[Tensor, dict[str, float]]:
        with torch.autocast("cpu", torch.bfloat16):
            return super().loss(inputs, batch)


def main(args: Args) -> None:
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)  # as runs do
    rows = []
    print(
        "| head | seed | float32, s a step | bfloat16 | ratio | position error cm, float32 | bfloat16 |\n|---|---|---:|---:|---:|---:|---:|"
    )
    for head in args.heads:
        inputs = read_inputs(Recipe(head, 0, 20, backbone=args.backbone), None, args.out, torch.device("cpu"))
        for seed in range(args.seeds):
            (slow, plain), (fast, cast) = (_trained(kind, head, seed, inputs, args) for kind in (Learner, Autocast))
            rows.append({"head": head, "seed": seed, "float32_s": slow, "bfloat16_s": fast, "float32_cm": plain, "bfloat16_cm": cast})
            print(f"| `{head}` | {seed} | {slow:.4f} | {fast:.4f} | {slow / fast:.2f} | {plain:.2f} | {cast:.2f} |", flush=True)
    if args.json:
        write_json(args.json, {"steps": args.steps, "backbone": args.backbone, "rows": rows})


def _trained(kind: type[Learner], head: str, seed: int, inputs: Inputs, args: Args) -> tuple[float, float]:
    """CPU seconds a step, and the position error on validation demonstrations [cm]."""
    torch.manual_seed(seed)
    spec = inputs.backbone.spec
    learner = kind(create_head(head, spec, HeadConfig()), has_summary=spec.summary_dim > 0)
    config = TrainConfig(steps=args.steps, batch=args.batch, learning_rate=LEARNING_RATES[head])
    measure = validation(inputs.held_out, inputs.held_out_windows)
    with tempfile.TemporaryDirectory() as folder:
        cpu = torch.device("cpu")
        seconds, found = timed(lambda: train(learner, inputs.windows, lambda _: {}, config, seed, Path(folder), cpu, progress=False))
    return seconds / args.steps, measure(found.learner)["position_error_cm"]


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
