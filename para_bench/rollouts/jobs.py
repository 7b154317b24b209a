"""Rollouts in worker processes: a job names its scene and policy, a worker makes both, so the order of work changes nothing."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from para_bench.benchmarks.scenes import test_scene
from para_bench.benchmarks.splits import find_split
from para_bench.envs.shifts import physics_hash
from para_bench.records import Outcome
from para_bench.remote.failures import ConnectionLostError
from para_bench.types import REPLAN_STEPS, Scene

if TYPE_CHECKING:  # a run without episodes left to do loads neither torch nor the simulator
    from para_bench.envs.env import TaskEnv
    from para_bench.remote.outside import Outside
    from para_bench.rollouts.policy import Policy

FEW_EPISODES = 8
"""Up to this many are rolled out without workers: to start one takes as long."""
TRIES = 3
"""Attempts at an episode whose connection to a policy server is lost."""


@dataclass(frozen=True)
class Job:
    """One policy in one scene, under one or several conditions."""

    split: str
    suite_version: int
    head: str
    train_seed: int
    checkpoint: Path | None
    """None for references and policies of others."""
    backbone: str
    image_size: int
    scene_index: int
    conditions: tuple[tuple[str, str], ...]
    """(factor, level) each."""
    weights: Path | None = None
    """File of the backbone's weights instead of its row's source."""
    replan_steps: int = REPLAN_STEPS
    """Timesteps executed before the camera is read again."""
    decode: str | None = None
    """How heatmaps become places; None: as the checkpoint says."""
    outside: Outside | None = None
    """A policy that is not trained here."""

    @property
    def policy(self) -> Policy:
        """A reference, a policy of others, or a head with its backbone on the CPU."""
        from para_bench.rollouts.loading import make_policy, outside_policy

        if self.outside is not None:
            return outside_policy(self.outside, self.replan_steps)
        return make_policy(self.head, self.checkpoint, self.backbone, self.image_size, self.weights, self.decode)


@dataclass(frozen=True)
class Result:
    job: Job
    condition: tuple[str, str]
    scene_hash: str
    outcome: Outcome


def run_job(job: Job) -> list[Result]:
    """Roll out every condition of a job.

    A reference does not look, so scenes that differ only in what is seen share one rollout: the physics would be bit-equal.
    """
    split, env, done = find_split(job.split, version=job.suite_version), _env(job.image_size), {}
    policy, results = job.policy, []
    for key in job.conditions:
        scene = test_scene(split, split.condition(*key), job.scene_index)
        physics = physics_hash(scene)
        if policy.looks or physics not in done:
            done[physics] = _rolled_out(env, scene, policy, job)
        results.append(Result(job, key, scene.hash, done[physics]))
    return results


def _rolled_out(env: TaskEnv, scene: Scene, policy: Policy, job: Job) -> Outcome:
    """An episode whose connection is lost begins again from its start, since the server may have kept a state."""
    from para_bench.rollouts.rollout import rollout

    for _ in range(TRIES - 1):
        try:
            return rollout(env, scene, policy, rollout_seed(job), replan_steps=job.replan_steps)
        except ConnectionLostError:
            continue  # `begin` makes another connection, or ends the run
    return rollout(env, scene, policy, rollout_seed(job), replan_steps=job.replan_steps)


def rollout_seed(job: Job) -> int:
    """Seed of a policy's own noise: the same in every condition."""
    return zlib.crc32(f"{job.head}/{job.train_seed}/{job.scene_index}".encode())


@lru_cache(maxsize=2)
def _env(image_size: int) -> TaskEnv:
    from para_bench.envs.env import TaskEnv

    return TaskEnv(image_size=image_size)
