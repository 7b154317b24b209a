"""Cost of one look. For a checkpoint: backbone and head on one image, on one thread, as in the workers that roll out.

For a policy of others: the whole round trip.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from para_bench.benchmarks.conditions import DEFAULT_TRAINING, TrainingSet
from para_bench.benchmarks.scenes import validation_scene
from para_bench.envs.env import TaskEnv
from para_bench.files import write_json
from para_bench.remote.outside import Outside
from para_bench.report.fairness.checkpoint import INFERENCE
from para_bench.rollouts.fence import FAILURES
from para_bench.rollouts.loading import outside_policy
from para_bench.rollouts.policy import Policy, load_policy

WARM, LOOKS = 3, 20
"""Looks that are not timed, and looks whose median time counts."""


def measure(folder: Path, backbone: str, image_size: int, weights: Path | None = None, training: TrainingSet = DEFAULT_TRAINING) -> None:
    """Write what a look of this checkpoint costs in a scene of `training` beside its config.json, where that is not there yet.

    A head that cannot look at all (its rollouts failed with a reason code) leaves nothing.
    """
    path = folder / INFERENCE
    if path.exists():
        return
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        milliseconds = look_ms(load_policy(folder, backbone, image_size, weights), image_size, training)
    except KeyboardInterrupt:
        raise
    except FAILURES:
        return
    finally:
        torch.set_num_threads(threads)
    write_json(path, _measured(milliseconds, "cpu, 1 thread, batch 1, CPU time", training), indent=None)


def measure_outside(outside: Outside, image_size: int, replan_steps: int, training: TrainingSet) -> dict[str, Any]:
    """What a look of a policy of others costs in a scene of `training`; nothing where it fails."""
    try:
        milliseconds = look_ms(outside_policy(outside, replan_steps), image_size, training, time.perf_counter)
    except KeyboardInterrupt:
        raise
    except FAILURES:
        return {}
    return _measured(milliseconds, f"{outside.protocol} server, there and back" if outside.protocol else "as its code likes", training)


def _measured(milliseconds: float, where: str, training: TrainingSet) -> dict[str, Any]:
    return {"inference_ms": float(f"{milliseconds:.3g}"), "inference_on": f"{where}, median of {LOOKS}, task {training.task}"}


def look_ms(
    policy: Policy, image_size: int, training: TrainingSet = DEFAULT_TRAINING, clock: Callable[[], float] = time.process_time
) -> float:
    """Median time of `act` at the start of an episode [ms]: CPU time of this process, which other work on the machine does not lengthen.

    Drawing the image is not counted. `clock` gives seconds; a policy that computes elsewhere needs `time.perf_counter`.
    """
    env, times = TaskEnv(image_size=image_size), []
    try:
        env.start(validation_scene(training, 0))
        policy.begin(env, np.random.default_rng(0))  # any seed: noise costs the same whatever it is
        observation = env.observe(policy.sees_depth)
        for _ in range(WARM + LOOKS):
            started = clock()
            policy.act(observation)
            times.append(1000 * (clock() - started))
    finally:
        env.close()
    return statistics.median(times[WARM:])
