"""Running a recorded episode again, and checking whether its outcome equals the record."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from para_bench.benchmarks.versions import find_version
from para_bench.envs.env import TaskEnv
from para_bench.records import EpisodeRecord, Outcome
from para_bench.records.documents import read_json
from para_bench.records.values import table
from para_bench.remote.outside import Outside
from para_bench.replays.heard import Heard
from para_bench.replays.onlooker import Onlooker, viewpoint
from para_bench.replays.scene_of import scene_of
from para_bench.report.checkpoints import find_folder
from para_bench.rollouts.history import History
from para_bench.rollouts.jobs import Job, rollout_seed
from para_bench.rollouts.rollout import rollout
from para_bench.training.saved import BACKBONE_WEIGHTS, read_spec
from para_bench.types import REPLAN_STEPS, ActionChunk, Camera, Observation, ParaBenchError, from_dict, to_dict

IMAGE_SIZE = 224
"""Side of images where neither a checkpoint nor a run's configuration states it [px]."""


@dataclass(frozen=True)
class Moment:
    """State and image before one waypoint."""

    step: int
    """Waypoints executed so far."""
    image: np.ndarray
    """From the policy's camera. Shape (H, W, 3), uint8."""
    other: np.ndarray | None
    """From another camera, where one was asked for; shape as `image`."""
    chunk: ActionChunk | None
    """Prediction of the policy; None at the end."""
    index: int
    """Index of the next waypoint in the chunk."""
    gripper: np.ndarray
    """World position of the gripper (3,) [m]."""
    object: np.ndarray
    """World position of the object's centre (3,) [m]."""
    clamped: int = 0
    """Waypoints so far that were driven as far as the arm reaches."""


@dataclass(frozen=True)
class Replay:
    """An episode that was run again."""

    record: EpisodeRecord
    scene_hash: str
    outcome: Outcome
    camera: Camera
    """The policy's camera."""
    other_camera: Camera | None
    moments: list[Moment]
    """One before each waypoint, and one at the end."""
    replan_steps: int | None = None
    """Waypoints executed before the policy looked again; None: as recorded."""
    raised: str = ""
    """The error of the policy that ended the episode, with its line; empty where there was none."""

    @property
    def asked_otherwise(self) -> str:
        """What was asked for and is not as recorded, with both values: the episode is another one. Empty where nothing is."""
        recorded = self.record.replan_steps or REPLAN_STEPS
        if self.replan_steps in (None, recorded):
            return ""
        return f"looks after {self.replan_steps} waypoints, recorded {recorded}"

    @property
    def difference(self) -> str:
        """The first field that is not as recorded, with both values; empty where none is. Wall time does not count."""
        now = {"scene_hash": self.scene_hash, **to_dict(self.outcome)}
        then = to_dict(self.record)
        if then["strict_success"] is None:  # older records do not have it
            del now["strict_success"]
        # Older records have fewer diagnostics.
        now |= {f"extra.{name}": value for name, value in now.pop("extra").items() if name in then["extra"]}
        then |= {f"extra.{name}": value for name, value in then.pop("extra").items()}
        for name, value in now.items():
            if name != "seconds" and value != then[name]:
                return f"{name} is {value}, recorded {then[name]}"
        return ""


def split_folder(results: Path, split: str) -> Path:
    """The folder of one split: `results` itself, or the one below it."""
    root = results if results.is_dir() else results.parent
    return root / split if (root / split).is_dir() else root


def replay_job(record: EpisodeRecord, results: Path, replan_steps: int | None = None) -> Job:
    """The job that made a record, with its checkpoint found by its hash, and the backbone's weights where the run had them.

    Args:
        record: What is to be run again.
        results: Folder of the record, with its checkpoints.
        replan_steps: Replaces the recorded number.

    Raises:
        ParaBenchError: the checkpoint or the file of the weights is not there, or a file of settings is damaged.
    """
    folder = split_folder(results, record.split)
    run, policy = _settings(folder / "config.json"), History(folder).policy(record.policy_hash)
    outside = _outside(record, run, policy)
    checkpoint = find_folder(results, record.checkpoint_hash, record.head) if record.checkpoint_hash and outside is None else None
    weights = policy.get("backbone_weights") if policy else run.get("backbone_weights")
    if checkpoint is None or (checkpoint / BACKBONE_WEIGHTS).exists():
        weights = None
    if weights and not Path(weights).is_file():
        raise ParaBenchError(f"no weight file {weights}, which {record.head} of {folder} was run with; allowed: the same file there again")
    settings = policy.get("head_config")
    decode = settings.get("decode") if isinstance(settings, dict) else None
    return Job(
        split=record.split,
        suite_version=find_version(record.suite_version).number,
        head=record.head,
        train_seed=record.train_seed,
        checkpoint=checkpoint,
        backbone=record.backbone,
        image_size=read_spec(checkpoint).features.image_size if checkpoint else int(run.get("image_size", IMAGE_SIZE)),
        scene_index=record.scene_index,
        conditions=((record.condition, record.level),),
        weights=Path(weights) if weights else None,
        replan_steps=replan_steps or record.replan_steps or REPLAN_STEPS,
        decode=decode,
        outside=outside,
    )


def _outside(record: EpisodeRecord, run: dict[str, Any], policy: dict[str, Any]) -> Outside | None:
    """The policy of others, if the last run names it; its server must still send the same metadata."""
    if "answers" not in policy:
        return None
    for asked in run.get("policies", ()):
        try:
            found = from_dict(Outside, asked)
        except Exception:  # cattrs has its own
            continue
        if found.name == record.head:
            return replace(found, keys=json.dumps(policy["keys"], sort_keys=True), version=policy["version"], metadata=policy["says"])
    raise ParaBenchError(f"the last run into this folder names no policy {record.head!r}; allowed: a run with its --policy, then replay")


def _settings(path: Path) -> dict[str, Any]:
    """Settings of a run's config.json; empty where there is none."""
    return read_json(path, lambda value: dict(table(value)), "as a run wrote it, or no file") or {}


def replay(record: EpisodeRecord, job: Job, look_from: tuple[float, float] | None = None) -> Replay:
    """Run the episode of a record again.

    Args:
        record: The expected outcome.
        job: See `replay_job`.
        look_from: Azimuth and elevation [deg] of a second camera; the policy still sees through its own.
    """
    torch.set_num_threads(1)  # the same arithmetic as a worker's
    scene = scene_of(job)
    other = viewpoint(*look_from, scene.camera).resized(job.image_size) if look_from else None
    onlooker = Onlooker(scene, other) if other else None
    env, moments = TaskEnv(image_size=job.image_size), []

    def watch(env: TaskEnv, observation: Observation | None, chunk: ActionChunk | None, index: int) -> None:
        simulation = env.simulation
        second = onlooker.see(env) if onlooker else None
        gripper, thing = simulation.gripper_pose[:3].copy(), simulation.object_pose[:3].copy()
        moments.append(Moment(env.steps, env.render(), second, chunk, index, gripper, thing, env.clamped_waypoints))

    policy = Heard(job.policy)
    outcome = rollout(env, scene, policy, rollout_seed(job), watch, job.replan_steps)
    watch(env, None, None, 0)
    camera = env.told_camera
    env.close()
    if onlooker:
        onlooker.close()
    return Replay(record, scene.hash, outcome, camera, other, moments, job.replan_steps, policy.raised)
