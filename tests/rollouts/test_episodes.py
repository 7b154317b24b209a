"""Episodes on disk: each is rolled out once, a run that was cut off continues, another policy or another state is rolled out again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from para_bench import records
from para_bench.benchmarks.splits import find_split
from para_bench.records import EpisodeRecord, current
from para_bench.rollouts import episodes
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.episodes import config_hash, on_record, roll_out, wanted
from para_bench.rollouts.history import FILE_NAME
from para_bench.rollouts.identity import episode_state
from para_bench.rollouts.jobs import Job, Result, run_job
from para_bench.rollouts.policies import Entry, Identity, find_all
from para_bench.types import ParaBenchError

SPLIT = find_split("id")


def roll(config: RunConfig, entries: list[Entry] | None = None) -> list[EpisodeRecord]:
    split = find_split(config.split)
    return roll_out(config, split, list(find_all(config, split)) if entries is None else entries, config.out)


def lines(folder: Path) -> list[bytes]:
    return (folder / records.FILE_NAME).read_bytes().splitlines()


def untimed(found: list[EpisodeRecord]) -> list[EpisodeRecord]:
    return [replace(record, seconds=0) for record in found]


def shown(folder: Path) -> list[EpisodeRecord]:
    """What current.json says that the folder is about."""
    return records.read(folder, only_current=True)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Gets the jobs that are run from now on."""
    found = list[Job]()

    def run(job: Job) -> list[Result]:
        found.append(job)
        return run_job(job)

    monkeypatch.setattr(episodes, "run_job", run)
    return found


def interrupted_at(count: int) -> Callable[[Job], list[Result]]:
    left = [count]

    def run(job: Job) -> list[Result]:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return run_job(job)

    return run


def test_what_is_on_record_is_not_rolled_out_again(references: RunConfig, done: list[Job], capsys: pytest.CaptureFixture[str]) -> None:
    first = roll(references)
    before = lines(references.out)
    assert len(first) == len(before) == len(done) == 3
    assert roll(references) == first
    assert (lines(references.out), len(done)) == (before, 3)
    more = roll(replace(references, profile=replace(references.profile, episodes=5)))
    assert [job.scene_index for job in done[3:]] == [3, 4]
    assert more[:3] == first
    assert roll(replace(references, profile=replace(references.profile, episodes=1))) == first[:1]
    assert " again" not in capsys.readouterr().out


@pytest.mark.parametrize("stop", [0, 1, 2])
def test_a_run_that_was_cut_off_continues(stop: int, references: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calm = roll(replace(references, out=tmp_path / "calm"))
    with monkeypatch.context() as patch:
        patch.setattr(episodes, "run_job", interrupted_at(stop))
        with pytest.raises(KeyboardInterrupt):
            roll(references)
    path = references.out / records.FILE_NAME
    assert len(lines(references.out)) if stop else not path.exists()
    if stop:
        path.write_bytes(path.read_bytes()[:-60])  # killed in the middle of its last line
    again = roll(references)
    assert untimed(again) == untimed(calm)
    assert untimed(shown(references.out)) == untimed(calm)


def test_a_record_of_another_policy_is_rolled_out_again(references: RunConfig, capsys: pytest.CaptureFixture[str]) -> None:
    entries = [Entry("oracle", 0, reference=Identity({"head": "oracle", "sources": {"rollouts/references.py": digit}})) for digit in "ab"]
    first, other = (roll(references, [entry]) for entry in entries)
    said = capsys.readouterr().out
    assert "id: 3 episodes on record are of another state and are run again: rollouts/references.py changed" in said
    assert len(lines(references.out)) == 6  # append-only
    assert {r.policy_hash for r in first}.isdisjoint(r.policy_hash for r in other)
    assert shown(references.out) == other
    assert roll(references, entries[:1]) == first
    assert "3 episodes of an earlier run are the current ones again" in capsys.readouterr().out
    assert (len(lines(references.out)), shown(references.out)) == (6, first)


def test_a_changed_state_is_run_again_and_says_why(references: RunConfig, capsys: pytest.CaptureFixture[str]) -> None:
    first, out = roll(references), references.out
    assert [r.config_hash for r in first] == [config_hash(references, SPLIT)] * 3
    before = (out / records.FILE_NAME).read_bytes()
    (out / FILE_NAME).write_text(json.dumps({**episode_state(references, SPLIT), "replan_steps": 4}))
    (out / records.FILE_NAME).write_bytes(before.replace(config_hash(references, SPLIT).encode(), b"0" * 16))
    capsys.readouterr()
    again = roll(references)
    assert "3 episodes on record are of another state and are run again: replan_steps 4 -> 12" in capsys.readouterr().out
    assert untimed(again) == untimed(first)
    assert len(lines(out)) == 6


def test_an_interrupted_run_leaves_its_policies_current_and_continues(references: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    first = roll(references)
    other = replace(references, replan_steps=6)
    with monkeypatch.context() as patch:
        patch.setattr(episodes, "run_job", interrupted_at(1))
        with pytest.raises(KeyboardInterrupt):
            roll(other)
    assert [r.replan_steps for r in shown(references.out)] == [6]  # nothing of the older ones under the name of the one asked for
    assert shown(references.out)[0] not in first
    assert roll(other) == shown(references.out)
    assert len(lines(references.out)) == 6


def test_a_reference_s_conditions_share_a_job_and_a_head_s_do_not(references: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    split, found = find_split("lighting"), list[Job]()
    config = replace(references, split="lighting", heads=("para", "oracle"), profile=replace(references.profile, episodes=2))

    def stop(jobs: list[Job], *_: object) -> list[list[Result]]:
        found.extend(jobs)
        raise KeyboardInterrupt

    monkeypatch.setattr("para_bench.rollouts.workers.run_jobs", stop)
    with pytest.raises(KeyboardInterrupt):
        roll(config)
    keys = tuple(c.key for c in split.all_conditions)
    assert [(job.scene_index, job.conditions) for job in found if job.head == "oracle"] == [(0, keys), (1, keys)]
    assert sorted((job.scene_index, job.conditions) for job in found if job.head == "para") == sorted(
        (index, (key,)) for index in range(2) for key in keys
    )
    assert [job.scene_index for job in found if job.head == "para"] == sorted(index for index in range(2) for _ in keys)


def test_on_record_counts_each_episode_once(references: RunConfig) -> None:
    roll(references)
    path, asked = references.out / records.FILE_NAME, wanted(references, SPLIT, find_all(references, SPLIT))
    digest = config_hash(references, SPLIT)
    keep, stale = on_record(path, digest, asked)
    assert ([*keep], stale) == ([*asked], 0)
    assert on_record(path, "0" * 16, asked) == ({}, 3)
    few = {key: each for key, each in asked.items() if key[-1] != 1}
    assert len(on_record(path, digest, few)[0]) == 2  # of another table
    assert on_record(references.out / "nothing.jsonl", digest, asked) == ({}, 0)
    path.write_bytes(path.read_bytes() + path.read_bytes().replace(digest.encode(), b"0" * 16))
    assert on_record(path, digest, asked) == (keep, 0)  # of both states, the one asked for


@pytest.mark.integration
def test_a_learned_policy_s_records_say_what_it_was_made_from(trained: RunConfig, tmp_path: Path, done: list[Job]) -> None:
    entries = list(find_all(trained, SPLIT))
    folder = tmp_path / "id"
    folder.mkdir()
    found = roll_out(trained, SPLIT, entries, folder)
    (checkpoint,) = entries[0].checkpoints.values()
    assert {(r.checkpoint_hash, r.policy_hash, r.backbone, r.demos, r.task, r.robot, r.replan_steps) for r in found} == {
        (checkpoint.hash, checkpoint.policy.hash, "efficientnet_lite0", 1, "place", "so101", 12)
    }
    assert [r.scene_index for r in found] == [job.scene_index for job in done] == [0, 1]
    argmax = replace(trained, decode="argmax")
    again = roll_out(argmax, SPLIT, list(find_all(argmax, SPLIT)), folder)
    assert len(done) == 4
    assert {r.checkpoint_hash for r in again} == {checkpoint.hash}  # the same weights
    assert current.read(folder) == {current.place_of(again[0]): current.state_of(again[0])}


def test_code_that_changes_under_way_ends_the_run(references: RunConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker imports at its first job, and the record would have the hash of the code before."""
    files = iter([[], ["mine.py"]])
    monkeypatch.setattr(episodes, "edited", lambda: next(files))
    with pytest.raises(ParaBenchError, match=r"mine\.py changed while the run was under way; the same command continues"):
        roll(references)
    assert len(lines(references.out)) == 1
    monkeypatch.setattr(episodes, "edited", list)
    assert len(roll(references)) == 3
