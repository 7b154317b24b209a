"""Rolls out the episodes of a table that are not on record, and says why some are run again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from para_bench import records
from para_bench.benchmarks.conditions import Condition, Split
from para_bench.benchmarks.splits import SPLITS
from para_bench.records import EpisodeRecord
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.jobs import FEW_EPISODES, Job, Result, run_job
from para_bench.rollouts.policies import Entry
from para_bench.rollouts.workers import run_jobs
from para_bench.sources import differences, sources
from para_bench.training.plugged import plugin_sources
from para_bench.types import SUITE_VERSION, content_hash, to_dict

STATE = "state.json"
"""What decided the episodes of the last run, beside policy and scene; tells what changed."""
_DECIDES = (
    "types.py",
    "geometry.py",
    "sim",
    "robots",
    "tasks",
    "envs",
    "rollouts/policy.py",
    "rollouts/references.py",
    "rollouts/rollout.py",
    "rollouts/jobs.py",
    "benchmarks/scenes.py",
)
"""Source files whose change may change an episode of a given checkpoint."""
Key = tuple[str, int, str, str, int]
"""Head, training seed, condition, level, scene index."""


def state(config: RunConfig, split: Split) -> dict[str, Any]:
    """What decides an episode beside its policy and scene."""
    return {
        "suite_version": SUITE_VERSION,
        "split": split.name,
        "split_version": split.version,
        "image_size": config.image_size,
        "sources": sources(_DECIDES) | plugin_sources(SPLITS.plugins.get(split.name)),
    }


def config_hash(config: RunConfig, split: Split) -> str:
    """16 hex digits over `state`; every record carries them."""
    return content_hash(state(config, split))


def wanted(config: RunConfig, split: Split, entries: Iterable[Entry]) -> dict[Key, tuple[Entry, Condition, str]]:
    """Every episode of the table with its policy, its condition and the hash of its checkpoint ("" for references)."""
    found = {}
    for entry in entries:
        for condition in split.all_conditions:
            checkpoint = entry.checkpoint(split, condition)
            for index in condition.indices(config.profile.episodes):
                found[entry.head, entry.seed, *condition.key, index] = (entry, condition, checkpoint.hash if checkpoint else "")
    return found


def roll_out(config: RunConfig, split: Split, entries: list[Entry], folder: Path) -> list[EpisodeRecord]:
    """Append the episodes that are missing; returns all of the table's, in its order."""
    path, now, digest = folder / records.FILE_NAME, state(config, split), config_hash(config, split)
    asked = wanted(config, split, entries)
    keep, stale = on_record(path, digest, asked)
    if stale > len(keep):
        tqdm.write(f"{split.name}: {stale} episodes on record are of another state and are run again: {_why(folder, now)}")
    (folder / STATE).write_text(json.dumps(now, indent=1) + "\n")
    jobs = _jobs(config, split, asked, keep)
    bar = tqdm(total=len(asked), initial=len(keep), desc=f"episodes {split.name}", unit="episode", mininterval=1)
    won: dict[str, list[int]] = {}
    for results in run_jobs(jobs, config.workers, run_job, FEW_EPISODES):
        for result in results:
            record = _record(config, split, asked, result, digest)
            records.append(path, record)
            keep[record.head, record.train_seed, record.condition, record.level, record.scene_index] = record
            tally = won.setdefault(record.head, [0, 0])
            tally[0], tally[1] = tally[0] + record.success_at_end, tally[1] + 1
            bar.set_postfix_str(" ".join(f"{head} {k}/{n}" for head, (k, n) in won.items()), refresh=False)
            bar.update()
    bar.close()
    return [keep[key] for key in asked]


def on_record(path: Path, digest: str, asked: Mapping[Key, tuple[Entry, Condition, str]]) -> tuple[dict[Key, EpisodeRecord], int]:
    """Episodes that need not be run again, and the number of those that were made by another state or checkpoint."""
    keep, stale = dict[Key, EpisodeRecord](), 0
    for record in records.read(path) if path.exists() else []:
        key = (record.head, record.train_seed, record.condition, record.level, record.scene_index)
        if key not in asked:
            continue
        if record.config_hash == digest and record.checkpoint_hash == asked[key][2]:
            keep[key] = record
        else:
            stale += 1
    return keep, stale


def _jobs(config: RunConfig, split: Split, asked: Mapping[Key, tuple[Entry, Condition, str]], keep: Mapping[Key, Any]) -> list[Job]:
    """A learned policy gets one job an episode; a reference one for all conditions of a scene, which share rollouts."""
    jobs, scenes = [], dict[tuple[str, int], list[tuple[Entry, Condition, int]]]()
    for key, (entry, condition, _) in asked.items():
        if key in keep:
            continue
        if entry.checkpoints:
            jobs.append(job_of(config, split, entry, key[-1], (condition,)))
        else:
            scenes.setdefault((entry.head, key[-1]), []).append((entry, condition, key[-1]))
    for cells in scenes.values():
        jobs.append(job_of(config, split, cells[0][0], cells[0][2], tuple(condition for _, condition, _ in cells)))
    return sorted(jobs, key=lambda job: (job.head, job.train_seed, job.scene_index))  # a run that is cut has whole scenes


def job_of(config: RunConfig, split: Split, entry: Entry, index: int, conditions: tuple[Condition, ...]) -> Job:
    checkpoint = entry.checkpoint(split, conditions[0])
    folder, backbone = (checkpoint.folder, checkpoint.backbone) if checkpoint else (None, config.backbone)
    keys = tuple(condition.key for condition in conditions)
    return Job(split.name, entry.head, entry.seed, folder, backbone, config.image_size, index, keys, config.backbone_weights)


def _record(
    config: RunConfig, split: Split, asked: Mapping[Key, tuple[Entry, Condition, str]], result: Result, digest: str
) -> EpisodeRecord:
    job = result.job
    entry, condition, _ = asked[job.head, job.train_seed, *result.condition, job.scene_index]
    checkpoint = entry.checkpoint(split, condition)
    return EpisodeRecord(
        suite_version=SUITE_VERSION,
        split=split.name,
        condition=result.condition[0],
        level=result.condition[1],
        scene_index=job.scene_index,
        scene_hash=result.scene_hash,
        head=job.head,
        backbone=checkpoint.backbone if checkpoint else "",
        train_seed=job.train_seed,
        demos=checkpoint.demos if checkpoint else 0,
        checkpoint_hash=checkpoint.hash if checkpoint else "",
        config_hash=digest,
        **to_dict(result.outcome),
    )


def _why(folder: Path, now: Mapping[str, Any]) -> str:
    try:
        before = json.loads((folder / STATE).read_text())
    except (OSError, ValueError):
        return f"there is no {STATE} that tells what changed"
    return differences(before, now) or "the policies were trained again"
