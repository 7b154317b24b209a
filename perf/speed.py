"""Speed of the simulator and of closed-loop evaluation, one process and one thread each.

    python perf/speed.py

Prints a table of environment steps per second with an image at every step, and of closed-loop episodes per minute with the `para`
head. In the latter the head (fresh weights) looks and predicts as in a rollout, while the expert's waypoints are executed, so that
every episode has its full length whatever the head has learnt.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import tyro
from clock import cpu_s

from para_bench.backbones.create import create_backbone
from para_bench.benchmarks.versions import CURRENT
from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import sample_scene
from para_bench.files import write_json
from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.report.inventory import CONTROL
from para_bench.rollouts.jobs import Job, run_job
from para_bench.rollouts.policy import LearnedPolicy
from para_bench.rollouts.references import Oracle
from para_bench.types import DEFAULT_BACKBONE, REPLAN_STEPS


@dataclass(frozen=True)
class Args:
    episodes: int = 10
    """Episodes of each measurement."""
    json: Path | None = None


def steps_per_second(size: int, episodes: int) -> float:
    """`env.step` with an image of `size` px at every step, shadows on."""
    env, oracle, steps, seconds = TaskEnv(image_size=size), Oracle(), 0, 0.0
    for i in range(episodes):
        env.reset(options={"scene": sample_scene(np.random.default_rng(i))})
        oracle.begin(env, np.random.default_rng(0))
        done, started = False, time.perf_counter()
        while not done:
            *_, terminated, truncated, _ = env.step(oracle.act(None).actions[0])
            done, steps = terminated or truncated, steps + 1
        seconds += time.perf_counter() - started
    return steps / seconds


def episodes_per_minute(size: int, episodes: int) -> float:
    """Whole episodes, scene compilation included; the camera is drawn when the policy looks."""
    backbone = create_backbone(DEFAULT_BACKBONE, size)
    policy, oracle, env = LearnedPolicy(backbone, create_head("para", backbone.spec, HeadConfig())), Oracle(), TaskEnv(image_size=size)
    scenes = [sample_scene(np.random.default_rng(i)) for i in range(episodes + 1)]
    started = 0.0
    for i, scene in enumerate(scenes):
        if i == 1:
            started = time.perf_counter()  # the first episode warms up
        env.start(scene)
        policy.begin(env, np.random.default_rng(0))
        oracle.begin(env, np.random.default_rng(0))
        while not env.progress.success:
            policy.act(env.observe())
            for action in oracle.act(None).actions[:REPLAN_STEPS]:
                env.advance(action)
    return 60 * episodes / (time.perf_counter() - started)


def reference_ms(head: str, episodes: int) -> float:
    """CPU time of one whole episode of a row that is not trained, in scenes of the split `validation` [ms]."""
    jobs = [Job("validation", CURRENT, head, 0, None, DEFAULT_BACKBONE, 224, i, (CONTROL,)) for i in range(episodes + 1)]
    run_job(jobs[0])  # warms up
    return 1000 * cpu_s(lambda: [run_job(job) for job in jobs[1:]]) / episodes


def main(args: Args) -> None:
    torch.set_num_threads(1)
    print("| what | size [px] | measured |\n|---|---|---|")
    rows: list[tuple[str, int, float]] = []

    def measured(what: str, size: int, found: float) -> None:
        rows.append((what, size, found))
        print(f"| {what} | {size} | {found:.0f} |", flush=True)

    for size in (128, 224, 448):
        measured("environment steps with an image at each, per second", size, steps_per_second(size, args.episodes))
    for head in ("oracle", "noop", "random", "threshold"):
        measured(f"CPU ms of an episode of `{head}`, suite version {CURRENT}", 224, reference_ms(head, args.episodes))
    for size in (224, 448):
        measured("closed-loop `para` episodes per minute", size, episodes_per_minute(size, args.episodes))
    if args.json:
        write_json(args.json, {"episodes": args.episodes, "rows": rows})


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
