"""What one look of a checkpoint costs: backbone and head on one image, on one thread, as the workers that roll out have it."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import numpy as np
import torch

from para_bench.benchmarks.conditions import DEFAULT_TRAINING
from para_bench.benchmarks.scenes import validation_scene
from para_bench.envs.env import TaskEnv
from para_bench.files import write_json
from para_bench.report.fairness.checkpoint import INFERENCE
from para_bench.rollouts.fence import FAILURES
from para_bench.rollouts.policy import LearnedPolicy, load_policy

WARM, LOOKS = 3, 20
"""Looks that are not counted, and looks whose median counts."""


def measure(folder: Path, backbone: str, image_size: int, weights: Path | None = None) -> None:
    """Write what a look of this checkpoint costs beside its config.json, where that is not there yet.

    A head that cannot look at all (its rollouts failed with a reason code) leaves nothing.
    """
    path = folder / INFERENCE
    if path.exists():
        return
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        milliseconds = look_ms(load_policy(folder, backbone, image_size, weights), image_size)
    except KeyboardInterrupt:
        raise
    except FAILURES:
        return
    finally:
        torch.set_num_threads(threads)
    found = {"inference_ms": round(milliseconds, 1), "inference_on": f"cpu, 1 thread, batch 1, median of {LOOKS}"}
    write_json(path, found, indent=None)


def look_ms(policy: LearnedPolicy, image_size: int) -> float:
    """Median wall time of `act` at the start of an episode [ms]; drawing the image is not counted."""
    env, times = TaskEnv(image_size=image_size), []
    try:
        env.start(validation_scene(DEFAULT_TRAINING, 0))
        policy.begin(env, np.random.default_rng(0))  # any seed: noise costs the same whatever it is
        observation = env.observe(policy.sees_depth)
        for _ in range(WARM + LOOKS):
            started = time.perf_counter()
            policy.act(observation)
            times.append(1000 * (time.perf_counter() - started))
    finally:
        env.close()
    return statistics.median(times[WARM:])
