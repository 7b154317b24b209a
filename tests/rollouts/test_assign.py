"""Which job rolls out which episodes: a learned policy one each, a reference all conditions of a scene at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from para_bench.benchmarks.profiles import PROFILES
from para_bench.benchmarks.splits import find_split
from para_bench.rollouts.assign import Asked, Key, job_of, jobs_of
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.policies import Checkpoint, Entry, Identity

SPLIT = find_split("novel_view")
CONFIG = replace(RunConfig("novel_view", ("para",), PROFILES["smoke"]), replan_steps=3, decode="argmax", image_size=96)


def test_a_job_carries_every_setting_of_the_run() -> None:
    checkpoint = Checkpoint(Path("folder"), "hash", 5, "video", Identity({"a": 1}))
    learned = Entry("para", 2, {SPLIT.training: checkpoint})
    condition = SPLIT.conditions[0]
    job = job_of(CONFIG, SPLIT, learned, 7, (condition,))
    assert job.suite_version == SPLIT.suite_version
    assert (job.split, job.head, job.train_seed, job.scene_index) == (SPLIT.name, "para", 2, 7)
    assert (job.checkpoint, job.backbone, job.conditions) == (Path("folder"), "video", (condition.key,))
    assert (job.replan_steps, job.decode, job.image_size) == (3, "argmax", 96)
    reference = job_of(CONFIG, SPLIT, Entry("noop", 0), 7, SPLIT.conditions)
    assert (reference.checkpoint, reference.backbone) == (None, CONFIG.backbone)


def test_a_reference_gets_one_job_a_scene_and_a_learned_policy_one_an_episode() -> None:
    learned = Entry("para", 0, {SPLIT.training: Checkpoint(Path("folder"), "hash", 5, "video", Identity({"a": 1}))})
    asked: dict[Key, Asked] = {
        (entry.head, entry.seed, *condition.key, index): Asked(entry, condition, "", "")
        for entry in (learned, Entry("noop", 0))
        for condition in SPLIT.all_conditions[:3]
        for index in (1, 0)
    }
    jobs = jobs_of(CONFIG, SPLIT, asked)
    assert [(job.head, job.scene_index, len(job.conditions)) for job in jobs if job.head == "noop"] == [("noop", 0, 3), ("noop", 1, 3)]
    assert [(job.scene_index, len(job.conditions)) for job in jobs if job.head == "para"] == [(0, 1)] * 3 + [(1, 1)] * 3
