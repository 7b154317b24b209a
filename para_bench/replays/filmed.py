"""The videos that a run leaves: one rollout a condition and learned head, of as many conditions as the profile says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from para_bench.bars import Bar
from para_bench.benchmarks.conditions import Split
from para_bench.files import file_name
from para_bench.records.current import State
from para_bench.rollouts.assign import job_of
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.episodes import config_hash
from para_bench.rollouts.policies import Entry


def make_videos(config: RunConfig, split: Split, entries: Iterable[Entry], folder: Path) -> None:
    """Film one rollout a learned head (of the first training seed) and condition that the profile films; a map of many cells gets one."""
    wanted, digest = [], config_hash(config, split)
    for entry in entries:
        for condition in split.all_conditions[: config.profile.films] if entry.seed == 0 else ():
            checkpoint, indices = entry.checkpoint(split, condition), condition.indices(config.profile.episodes)
            if checkpoint is None or condition.share[0] != 0 or not indices:
                continue
            shown = State(checkpoint.hash, checkpoint.policy.hash, digest).short
            name = f"{file_name(entry.head)}-{condition.factor}-{condition.level}-{shown}.mp4"
            path = folder / "videos" / name.replace("/", "-")
            if not path.exists():
                wanted.append((job_of(config, split, entry, indices[0], (condition,)), path))
    if not wanted:
        return
    from para_bench.replays.video import VideoJob, record_video  # torch and the simulator from here on
    from para_bench.rollouts.workers import run_jobs

    jobs = [VideoJob(job, path) for job, path in wanted]
    for _ in Bar(run_jobs(jobs, config.workers, record_video), total=len(jobs), desc="videos"):
        pass
