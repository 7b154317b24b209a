"""First contact with a policy of others: what it says of itself, and what it answers to one look, before any episode."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from PIL import Image

from para_bench.benchmarks.conditions import DEFAULT_TASK
from para_bench.geometry import lift, project
from para_bench.plugins import reason
from para_bench.remote.outside import Outside
from para_bench.rollouts.fence import chunk_problem, same_process, told_as
from para_bench.rollouts.loading import outside_policy
from para_bench.rollouts.policy import Policy
from para_bench.tasks import find_task
from para_bench.types import Camera, Observation, ParaBenchError, from_dict

if TYPE_CHECKING:
    from para_bench.envs.env import TaskEnv

SEED = 0
"""Seed of the policy's noise in both looks of the probe; any would do."""
FAR_M = 10.0
"""Depth where a ray does not meet the table [m]."""
_KEPT = resources.files("para_bench") / "assets" / "first_look"


class _Told(NamedTuple):
    """What a policy of others reads of an environment."""

    task_description: str
    image_size: int


class Met(NamedTuple):
    """A policy of others that has answered."""

    outside: Outside
    """With the keys that it reads, its version and the hash of what it says of itself."""
    sees: str
    """What it is given."""
    answer: str
    """Hash of what it answers to the kept look; "" where it does not answer the same twice."""


@lru_cache(maxsize=16)
def meet(outside: Outside, image_size: int, replan_steps: int) -> Met:
    """Ask a policy for its first answer, once a process.

    Raises:
        ParaBenchError: there is no such policy, its server fails, or it answers with no chunk.
    """
    policy = outside_policy(outside, replan_steps)

    def say(error: BaseException) -> str:
        words = reason(error, outside.address.partition(":")[0])
        return f"policy {outside.name!r} has no answer to its first look: {words}; allowed: a chunk of actions"

    try:
        with told_as(say):
            answers = [_answer(outside, policy, image_size) for _ in range(2)]
    finally:
        policy.close()
    filled = replace(outside, keys=policy.keys.text, version=policy.version, metadata=policy.said)
    return Met(filled, policy.sees, answers[0] if answers[0] == answers[1] else "")


def first_look(image_size: int) -> Observation:
    """A stored look, the same on every machine, since what GPUs draw differs in the last bit. Depth is that of the bare table."""
    said = json.loads((_KEPT / "look.json").read_text())
    camera = from_dict(Camera, said["camera"]).resized(image_size)
    with Image.open(io.BytesIO((_KEPT / "image.png").read_bytes())) as kept:
        image = np.array(kept.convert("RGB").resize((image_size, image_size), Image.Resampling.BOX))
    pixels = np.stack(np.meshgrid(np.arange(image_size) + 0.5, np.arange(image_size) + 0.5), -1)
    depth = project(lift(pixels, np.zeros(pixels.shape[:2]), camera), camera)[1].round(3).astype(np.float32)
    pose = np.array(said["gripper_pose"])
    return Observation(image, pose, said["gripper_yaw"], said["gripper_opening"], camera, np.nan_to_num(depth, nan=FAR_M))


def _answer(outside: Outside, policy: Policy, image_size: int) -> str:
    with same_process():
        policy.begin(cast("TaskEnv", _Told(find_task(DEFAULT_TASK).about, image_size)), np.random.default_rng(SEED))
        chunk = policy.act(first_look(image_size))
    if problem := chunk_problem(chunk):
        raise ParaBenchError(f"policy {outside.name!r} answers its first look with {problem}; allowed: a chunk of actions")
    if not np.isfinite(chunk.actions).all():
        raise ParaBenchError(f"policy {outside.name!r} answers its first look with actions that are not finite; allowed: finite numbers")
    return hashlib.sha256(chunk.actions.tobytes()).hexdigest()[:16]
