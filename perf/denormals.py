"""What flushing denormal numbers to zero gives a training, and whether it changes a weight.

    python perf/denormals.py --steps 300

Trains each head twice on the default profile's demonstrations, without and with; prints CPU seconds a step and in how many weights the two
differ. Gradients fall below 1e-38 where a softmax over cells or timesteps has decided; how much that costs depends on the processor.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import torch
import tyro

from para_bench.backbones.create import create_backbone
from para_bench.benchmarks.profiles import LEARNING_RATES
from para_bench.execution.stopwatch import timed
from para_bench.files import write_json
from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.optimisation.loop import TrainConfig
from para_bench.training.learner import Learner
from para_bench.training.loop import train
from para_bench.training.prepare import prepare
from para_bench.training.recipe import Recipe


@dataclass(frozen=True)
class Args:
    out: Path = Path("runs")
    heads: tuple[str, ...] = ("para", "global_token", "spatial_softmax", "diffusion")
    steps: int = 300
    batch: int = 16
    json: Path | None = None


def trained(head: str, flush: bool, args: Args) -> tuple[torch.Tensor, float]:
    """All weights, and CPU seconds a step."""
    recipe, cpu = Recipe(head, 0, 20), torch.device("cpu")
    spec, (windows, _) = create_backbone(recipe.backbone, recipe.image_size).spec, prepare(recipe, args.out, cpu, progress=False)
    torch.manual_seed(0)
    learner = Learner(create_head(head, spec, HeadConfig()), has_summary=spec.summary_dim > 0)
    config = TrainConfig(steps=args.steps, batch=args.batch, learning_rate=LEARNING_RATES[head])
    torch.set_flush_denormal(flush)
    with tempfile.TemporaryDirectory() as folder:
        seconds, found = timed(lambda: train(learner, windows, lambda _: {}, config, 0, Path(folder), cpu, progress=False))
    return torch.cat([p.flatten() for p in found.learner.parameters()]), seconds / args.steps


def main(args: Args) -> None:
    torch.set_num_threads(1)
    print("| head | s a step | flushed | ratio | weights that differ |\n|---|---:|---:|---:|---:|")
    rows = []
    for head in args.heads:
        (plain, slow), (flushed, fast) = trained(head, False, args), trained(head, True, args)
        differ = int((plain != flushed).sum())
        print(f"| `{head}` | {slow:.3f} | {fast:.3f} | {slow / fast:.2f} | {differ} of {plain.numel()} |", flush=True)
        rows.append({"head": head, "step_s": slow, "flushed_s": fast, "ratio": slow / fast, "differ": differ, "weights": plain.numel()})
    if args.json:
        write_json(args.json, {"steps": args.steps, "rows": rows})


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
