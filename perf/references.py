"""Success of the references in every task and world, over scenes of their own: what a task demands, and what it gives away.

python perf/references.py --scenes 200 --worlds plain crowded
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import tyro

from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import sample_scene
from para_bench.rollouts.policy import Policy
from para_bench.rollouts.references import REFERENCES
from para_bench.rollouts.rollout import rollout
from para_bench.rollouts.threshold import Threshold
from para_bench.tasks import TASKS

ALL: dict[str, Callable[[], Policy]] = {**REFERENCES, "threshold": Threshold}
SEED = 24
"""Stream of the scenes, apart from those of trainings and tests."""


@dataclass(frozen=True)
class Args:
    scenes: int = 200
    tasks: tuple[str, ...] = tuple(TASKS)
    worlds: tuple[str, ...] = ("plain", "crowded")
    references: tuple[str, ...] = ("oracle", "noop", "threshold")


def main(args: Args) -> None:
    print(f"{'task':8} {'world':8} {'policy':10} {'success':>9} {'strict':>7} {'grasp':>8} {'place':>8}  other ends")
    env = TaskEnv()
    for task in args.tasks:
        for world in args.worlds:
            scenes = [sample_scene(np.random.default_rng([SEED, i]), task=task, world=world) for i in range(args.scenes)]
            for name in args.references:
                outcomes, strict = [], 0
                for i, scene in enumerate(scenes):
                    outcomes.append(rollout(env, scene, ALL[name](), i))
                    strict += env.progress.strict
                ends = Counter(outcome.reason for outcome in outcomes)
                done = ends.pop("success", 0)
                grasp = [outcome.grasp_error_m for outcome in outcomes if outcome.grasp_error_m is not None]
                place = [outcome.place_error_m for outcome in outcomes if outcome.success_at_end]
                errors = [f"{1000 * float(np.median(found)):5.1f} mm" if found else "-" for found in (grasp, place)]
                row = f"{task:8} {world:8} {name:10} {done:3d} of {len(scenes):3d} {strict:7d} {errors[0]:>8} {errors[1]:>8}"
                print(row, ", ".join(f"{reason} {count}" for reason, count in ends.most_common(4)), sep="  ", flush=True)
    env.close()


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
