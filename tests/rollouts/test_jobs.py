"""The harness: outcomes depend on the job alone, not on who runs it, in what order or beside what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from para_bench.benchmarks.splits import find_split, split_names
from para_bench.envs.env import TaskEnv
from para_bench.remote.failures import ConnectionLostError
from para_bench.rollouts.jobs import Job, Result, run_job
from para_bench.rollouts.references import REFERENCES
from para_bench.rollouts.workers import run_jobs
from para_bench.types import ActionChunk, Observation


def jobs(split: str, head: str, scenes: int, version: int = 1) -> list[Job]:
    conditions = tuple(c.key for c in find_split(split, version=version).all_conditions if c.share[1] == 1)
    return [Job(split, version, head, 0, None, "", 64, i, conditions) for i in range(scenes)]


def outcomes(results: list[Result]) -> dict[tuple, object]:
    """By scene and condition, without the wall time."""
    return {(r.job.head, r.job.scene_index, r.condition, r.scene_hash): replace(r.outcome, seconds=0) for r in results}


@pytest.mark.parametrize("version", [1, pytest.param(2, marks=pytest.mark.integration)])
def test_oracle_succeeds_and_noop_fails_in_every_condition(version: int) -> None:
    for split in split_names(version):
        oracle = [r for job in jobs(split, "oracle", 3, version) for r in run_job(job)]
        assert all(r.outcome.success_at_end and r.outcome.reason == "success" for r in oracle)
        assert not any(r.outcome.success_once for job in jobs(split, "noop", 1, version) for r in run_job(job))


def test_sharing_a_rollout_between_visual_shifts_changes_no_outcome() -> None:
    for head in REFERENCES:
        shared = outcomes(run_job(jobs("novel_view", head, 1)[0]))
        alone = outcomes(
            [
                r
                for key in jobs("novel_view", head, 1)[0].conditions
                for r in run_job(replace(jobs("novel_view", head, 1)[0], conditions=(key,)))
            ]
        )
        assert shared == alone


@pytest.mark.integration
def test_workers_and_order_change_no_outcome() -> None:
    todo = [job for head in ("oracle", "random") for job in jobs("new_environment", head, 4)]
    alone = outcomes([r for results in run_jobs(todo, 1, run_job) for r in results])
    together = outcomes([r for results in run_jobs(todo[::-1], 2, run_job) for r in results])
    assert alone == together


class Losing:
    """The connection to a server, lost at some looks; counts the episodes that it begins."""

    looks = sees_depth = False

    def __init__(self, *lost: int) -> None:
        self.lost, self.asked, self.begun = lost, 0, 0

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        self.begun += 1
        self._noop = REFERENCES["noop"]()
        self._noop.begin(env, rng)

    def act(self, observation: Observation | None) -> ActionChunk:
        self.asked += 1
        if self.asked in self.lost:
            raise ConnectionLostError("it is gone")
        return self._noop.act(observation)


def test_an_episode_whose_connection_is_lost_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    (job,) = jobs("id", "noop", 1)
    wanted = outcomes(run_job(job))
    policy = Losing(2, 4)
    monkeypatch.setattr(Job, "policy", policy)
    assert outcomes(run_job(job)) == wanted
    assert policy.begun == 3
    monkeypatch.setattr(Job, "policy", Losing(1, 2, 3))
    with pytest.raises(ConnectionLostError, match="it is gone"):
        run_job(job)
