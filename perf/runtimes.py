"""Whether a checkpoint does the same when its looks are by PyTorch and by ONNX Runtime: outcomes of the same scenes, side by side.

    python perf/runtimes.py RESULTS --head para --scenes 100 --json runtimes.json

Both policies are one checkpoint, whose features either runtime computes; a scene is one episode of each under each condition. Printed are
the numbers of equal outcomes (success, reason and number of waypoints) and the names of the scenes where they differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
import tyro
from tyro.conf import Positional

from para_bench.backbones.runtimes import RUNTIMES
from para_bench.bars import Bar
from para_bench.benchmarks.scenes import test_scene
from para_bench.benchmarks.splits import find_split
from para_bench.envs.env import TaskEnv
from para_bench.files import write_json
from para_bench.report.checkpoints import find_trained, recipe_of
from para_bench.rollouts.policy import LearnedPolicy
from para_bench.rollouts.rollout import rollout
from para_bench.training.frozen import frozen_backbone
from para_bench.training.saved import load_head
from para_bench.training.specification import read_spec


@dataclass(frozen=True)
class Args:
    results: Positional[Path]
    """Where the checkpoint lies."""
    head: str = "para"
    scenes: int = 100
    split: str = "novel_view"
    conditions: tuple[str, ...] = ("id:0", "view_angle:15", "view_angle:25")
    """FACTOR:LEVEL each."""
    json: Path | None = None
    """Where the figures go."""


def main(args: Args) -> None:
    torch.set_num_threads(1)
    policies = {runtime: policy_of(args, runtime) for runtime in RUNTIMES}
    split, names, rows = find_split(args.split), [tuple(each.split(":")) for each in args.conditions], []
    env = TaskEnv(image_size=next(iter(policies.values())).backbone.image_size)
    differing: dict[str, list[str]] = {}
    for index in Bar(range(args.scenes), desc="scenes", unit="scene"):
        for factor, level in names:
            scene = test_scene(split, split.condition(factor, level), index)
            found = {runtime: rollout(env, scene, policy, seed=index) for runtime, policy in policies.items()}
            told = {runtime: [outcome.success_at_end, outcome.reason, outcome.steps] for runtime, outcome in found.items()}
            rows.append({"factor": factor, "level": level, "scene": index, **told})
            if len({tuple(each) for each in told.values()}) > 1:
                differing.setdefault(f"{factor} {level}", []).append(f"{index} ({', '.join(f'{r}: {t[1]}' for r, t in told.items())})")
    successes = {runtime: sum(row[runtime][0] for row in rows) for runtime in policies}
    equal = len(rows) - sum(map(len, differing.values()))
    print(f"{equal} of {len(rows)} outcomes are equal; successes: {', '.join(f'{name} {count}' for name, count in successes.items())}")
    for condition, scenes in differing.items():
        print(f"  {condition}: scenes {', '.join(scenes)}")
    if args.json:
        write_json(args.json, {"equal": equal, "episodes": len(rows), "successes": successes, "differing": differing, "rows": rows})


def policy_of(args: Args, runtime: str) -> LearnedPolicy:
    """The checkpoint with its looks by `runtime`, whichever computed the features of its training."""
    folder = find_trained(args.results, args.head, seed=0)
    spec, recipe = read_spec(folder).features, recipe_of(folder)
    backbone = frozen_backbone(recipe["backbone"], spec.image_size, runtime=runtime)
    weights = [name.partition("+")[0] for name in (spec.backbone, backbone.spec.backbone)]
    assert weights[0] == weights[1], f"the checkpoint is of {weights[0]}, the backbone here is {weights[1]}"
    return LearnedPolicy(backbone, load_head(folder, spec)[0])


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
