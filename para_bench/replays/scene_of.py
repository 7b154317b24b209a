"""The scene of a recorded episode."""

from __future__ import annotations

from para_bench.benchmarks.scenes import test_scene
from para_bench.benchmarks.splits import find_split
from para_bench.rollouts.jobs import Job
from para_bench.types import Scene


def scene_of(job: Job) -> Scene:
    """The scene of a job's first condition."""
    split = find_split(job.split, version=job.suite_version)
    return test_scene(split, split.condition(*job.conditions[0]), job.scene_index)
