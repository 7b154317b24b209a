"""Which job rolls out which episodes, with which policy and settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from para_bench.benchmarks.conditions import Condition, Split
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.jobs import Job
from para_bench.rollouts.policies import Entry

Key = tuple[str, int, str, str, int]
"""Head, training seed, condition, level, scene index."""


class Asked(NamedTuple):
    """An episode of a table."""

    entry: Entry
    condition: Condition
    checkpoint: str
    """Hash of the weights; "" for references."""
    policy: str
    """Hash of the policy."""


def job_of(config: RunConfig, split: Split, entry: Entry, index: int, conditions: tuple[Condition, ...]) -> Job:
    """The job of a policy in scene `index`, under one or several conditions."""
    checkpoint = entry.checkpoint(split, conditions[0])
    return Job(
        split=split.name,
        suite_version=split.suite_version,
        head=entry.head,
        train_seed=entry.seed,
        checkpoint=checkpoint.folder if checkpoint and not entry.outside else None,
        backbone=checkpoint.backbone if checkpoint else config.backbone,
        image_size=config.image_size,
        scene_index=index,
        conditions=tuple(condition.key for condition in conditions),
        weights=config.backbone_weights,
        replan_steps=config.replan_steps,
        decode=config.decode,
        outside=entry.outside,
    )


def jobs_of(config: RunConfig, split: Split, asked: Mapping[Key, Asked]) -> list[Job]:
    """A learned policy gets one job an episode; a reference one for all conditions of a scene, which share rollouts."""
    jobs, scenes = [], dict[tuple[str, int], list[Asked]]()
    for key, each in asked.items():
        if each.entry.checkpoints:
            jobs.append(job_of(config, split, each.entry, key[-1], (each.condition,)))
        else:
            scenes.setdefault((each.entry.head, key[-1]), []).append(each)
    for (_, index), cells in scenes.items():
        jobs.append(job_of(config, split, cells[0].entry, index, tuple(each.condition for each in cells)))
    return sorted(jobs, key=lambda job: (job.head, job.train_seed, job.scene_index))  # a run that is interrupted has whole scenes
