"""Records in the shape of lerobot-eval's `eval_info.json`, one file a policy, for tools that read nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from para_bench.files import file_name, write_json
from para_bench.records import EpisodeRecord

FOLDER, FILE = "eval_info", "eval_info.json"
"""A tool that reads such a file names the policy by the folder that it lies in."""


def eval_info(records: Iterable[EpisodeRecord]) -> dict[str, Any]:
    """The object for one policy: a task group is a condition, "view_angle/15"; episodes in the order of their scenes.

    The reward of an episode is 1 where it ends in success, as the environment's is. Seconds are summed over the rollouts.
    """
    groups: dict[str, list[EpisodeRecord]] = {}
    for record in sorted(records, key=lambda record: record.scene_index):
        groups.setdefault(f"{record.condition}/{record.level}", []).append(record)
    tasks = [{"task_group": group, "task_id": 0, "metrics": _metrics(found)} for group, found in groups.items()]
    everything = [record for found in groups.values() for record in found]
    seconds = sum(record.seconds for record in everything)
    overall = {**_aggregated(everything), "eval_s": seconds, "eval_ep_s": seconds / max(1, len(everything)), **_videos()}
    return {
        "per_task": tasks,
        "per_group": {group: {**_aggregated(found), **_videos()} for group, found in groups.items()},
        "overall": overall,
    }


def write_eval_infos(folder: Path, records: Iterable[EpisodeRecord]) -> list[Path]:
    """One file for each policy of a results folder: eval_info/HEAD-SEED/eval_info.json.

    Raises:
        ParaBenchError: a file cannot be written.
    """
    policies: dict[tuple[str, int], list[EpisodeRecord]] = {}
    for record in records:
        policies.setdefault((record.head, record.train_seed), []).append(record)
    written = []
    for (head, seed), found in policies.items():
        written.append(folder / FOLDER / file_name(f"{head}-{seed}") / FILE)
        write_json(written[-1], eval_info(found))
    return written


def _metrics(records: Sequence[EpisodeRecord]) -> dict[str, Any]:
    rewards = [float(record.success_at_end) for record in records]
    return {"sum_rewards": rewards, "max_rewards": rewards, "successes": [record.success_at_end for record in records], **_videos()}


def _aggregated(records: Sequence[EpisodeRecord]) -> dict[str, Any]:
    share = sum(record.success_at_end for record in records) / max(1, len(records))
    return {"avg_sum_reward": share, "avg_max_reward": share, "pc_success": 100 * share, "n_episodes": len(records)}


def _videos() -> Mapping[str, list[str]]:
    return {"video_paths": [], "predicted_video_paths": []}
