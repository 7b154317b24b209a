"""Rollouts in worker processes: a job names its scene and policy, a worker makes both, so the order of work changes nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import torch

from para_bench.benchmarks import find_split
from para_bench.benchmarks.rollout import rollout
from para_bench.benchmarks.scenes import test_scene
from para_bench.envs.pick_place import PickPlace
from para_bench.envs.shifts import physics_hash
from para_bench.policy import Policy, load_policy
from para_bench.references import REFERENCES
from para_bench.types import REPLAN_STEPS, Outcome, ParaBenchError

FEW_EPISODES = 8
"""So few are rolled out without workers: to start one takes as long."""

J = TypeVar("J")
R = TypeVar("R")


@dataclass(frozen=True)
class Job:
    """One policy in one scene, under one or several conditions."""

    split: str
    head: str
    train_seed: int
    checkpoint: Path | None
    """None for references."""
    backbone: str
    image_size: int
    scene_index: int
    conditions: tuple[tuple[str, str], ...]
    """(factor, level) each."""
    weights: Path | None = None
    """File of the backbone's weights instead of its row's source."""
    replan_steps: int = REPLAN_STEPS
    """Timesteps executed before the camera is read again; other than the suite's own only to choose it (perf/ablation.py)."""


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
    split, env, done = find_split(job.split), _env(job.image_size), {}
    policy, results = make_policy(job.head, job.checkpoint, job.backbone, job.image_size, job.weights), []
    for key in job.conditions:
        scene = test_scene(split, split.condition(*key), job.scene_index)
        physics = physics_hash(scene)
        if policy.looks or physics not in done:
            done[physics] = rollout(env, scene, policy, rollout_seed(job), replan_steps=job.replan_steps)
        results.append(Result(job, key, scene.hash, done[physics]))
    return results


def rollout_seed(job: Job) -> int:
    """Seed of a policy's own noise: the same in every condition."""
    return zlib.crc32(f"{job.head}/{job.train_seed}/{job.scene_index}".encode())


@lru_cache(maxsize=4)
def make_policy(head: str, checkpoint: Path | None, backbone: str, image_size: int, weights: Path | None = None) -> Policy:
    """A reference, or a head with its backbone on the CPU."""
    if checkpoint is None:
        return REFERENCES[head]()
    return load_policy(checkpoint, backbone, image_size, weights)


@lru_cache(maxsize=2)
def _env(image_size: int) -> PickPlace:
    return PickPlace(image_size=image_size)


def run_jobs(jobs: Iterable[J], workers: int, function: Callable[[J], R] = run_job, few: int = 0) -> Iterator[R]:
    """What `function` makes of each job, as it comes, from `workers` processes; 1 runs here, and so do `few` jobs or less.

    Raises:
        ParaBenchError: a worker process died (out of memory, killed).
    """
    jobs = list(jobs)
    if workers == 1 or len(jobs) <= few:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # the same arithmetic as a worker's
        try:
            yield from map(function, jobs)
        finally:
            torch.set_num_threads(threads)
        return
    context = multiprocessing.get_context("spawn")  # a forked GL context or thread pool does not work
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker) as pool:
        waiting: set[Future] = set()
        try:
            for job in jobs:
                waiting.add(pool.submit(function, job))
                if len(waiting) >= 4 * workers:  # few enough that an interrupt loses little
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        except BrokenProcessPool:
            raise ParaBenchError("a worker process died (out of memory?); the same command continues, fewer --workers need less") from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _start_worker() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends the pool
    torch.set_num_threads(1)


def _end_with_parent() -> None:
    """A parent that is killed outright cannot end its pool, and a worker would wait for ever for the next job."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
