"""Rolls out the episodes of a table that are not on record, and says why some are run again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from para_bench import records
from para_bench.bars import Bar
from para_bench.benchmarks.conditions import Split
from para_bench.provenance import edited
from para_bench.records import EpisodeRecord, current
from para_bench.rollouts.assign import Asked, Key, jobs_of
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.history import History, Now
from para_bench.rollouts.identity import episode_state
from para_bench.rollouts.jobs import FEW_EPISODES, Job, Result, run_job
from para_bench.rollouts.policies import WHOLE, Entry, Part
from para_bench.types import ParaBenchError, content_hash, to_dict

Elsewhere = Callable[[Sequence[Job]], Iterator[list[Result]]]
"""Turns jobs into the results of `run_job`, as they come."""


def config_hash(config: RunConfig, split: Split) -> str:
    """16 hex digits over what decides an episode apart from its policy; every record carries them."""
    return content_hash(episode_state(config, split))


def wanted(config: RunConfig, split: Split, entries: Iterable[Entry], part: Part = WHOLE) -> dict[Key, Asked]:
    """Every episode of the table, or of a part of it, in its order."""
    found = {}
    for entry in entries:
        for condition in split.all_conditions:
            checkpoint, policy = entry.checkpoint(split, condition), entry.policy(split, condition)
            asked = Asked(entry, condition, checkpoint.hash if checkpoint else "", policy.hash)
            indices = [index for index in condition.indices(config.profile.episodes) if part.rolls(entry, condition, index)]
            found |= {(entry.head, entry.seed, *condition.key, index): asked for index in indices}
    return found


def mark_current(config: RunConfig, split: Split, entries: Iterable[Entry], folder: Path, part: Part = WHOLE) -> None:
    """Make the policies of a table the current ones of the folder, those that are still to be trained included.

    Done before the first training and before the first episode: where the run is interrupted, tables state what is missing instead of
    showing an older policy under the name of this one.
    """
    current.mark(folder, _states(wanted(config, split, entries, part), config_hash(config, split)))


def roll_out(
    config: RunConfig,
    split: Split,
    entries: list[Entry],
    folder: Path,
    history: History | None = None,
    part: Part = WHOLE,
    elsewhere: Elsewhere | None = None,
) -> list[EpisodeRecord]:
    """Append the episodes that are missing; returns all of the table's, in its order.

    Args:
        config: What was asked for.
        split: Its split.
        entries: Policies of the table.
        folder: Folder of the records.
        history: History of the folder before this run.
        part: Which episodes are rolled out, and returned.
        elsewhere: What runs the jobs; None for worker processes of this machine.
    """
    path, now = folder / records.FILE_NAME, episode_state(config, split)
    digest, asked = content_hash(now), wanted(config, split, entries, part)
    keep, stale = on_record(path, digest, asked)
    policies = {each.policy: each.entry.policy(split, each.condition).state for each in asked.values()}
    states = _states(asked, digest)
    history, this = history or History(folder), Now(now, policies, states)
    for line in history.changes(split.name, this, keep, stale):
        tqdm.write(line)
    history.write(this, config.backbone_weights, kept=bool(keep))
    current.mark(folder, states)
    jobs = jobs_of(config, split, {key: each for key, each in asked.items() if key not in keep})
    bar = Bar(total=len(asked), initial=len(keep), desc=f"episodes {split.name}", unit="episode", mininterval=1)
    won: dict[str, list[int]] = {}
    for results in elsewhere(jobs) if elsewhere and jobs else _outcomes(jobs, config.workers):
        _refuse_edited()
        for result in results:
            record = _record(config, split, asked, result, digest)
            records.append(path, record)
            keep[_key(record)] = record
            tally = won.setdefault(record.head, [0, 0])
            tally[0], tally[1] = tally[0] + record.success_at_end, tally[1] + 1
            bar.set_postfix_str(" ".join(f"{head} {k}/{n}" for head, (k, n) in won.items()), refresh=False)
            bar.update()
    bar.close()
    return [keep[key] for key in asked]


def _refuse_edited() -> None:
    """Workers import a policy's code at their first job: what they roll out with later code must not stand under the earlier one's hash."""
    if files := edited():
        raise ParaBenchError(f"{', '.join(files)} changed while the run was under way; the same command continues with the present code")


def _outcomes(jobs: list[Job], workers: int) -> Iterator[list[Result]]:
    if jobs:
        from para_bench.rollouts.workers import run_jobs  # torch from here on

        yield from run_jobs(jobs, workers, run_job, FEW_EPISODES)


def _states(asked: Mapping[Key, Asked], digest: str) -> dict[current.Place, current.State]:
    return {
        current.Place(head, seed, condition, level): current.State(each.checkpoint, each.policy, digest)
        for (head, seed, condition, level, _), each in asked.items()
    }


def on_record(path: Path, digest: str, asked: Mapping[Key, Asked]) -> tuple[dict[Key, EpisodeRecord], int]:
    """Episodes that need not be run again, and the number of those whose records all have another policy or configuration."""
    keep, others = dict[Key, EpisodeRecord](), set[Key]()
    for record in records.read(path) if path.exists() else []:
        key = _key(record)
        if key not in asked:
            continue
        if current.state_of(record) == (asked[key].checkpoint, asked[key].policy, digest):
            keep[key] = record
        else:
            others.add(key)
    return keep, len(others - keep.keys())


def _record(config: RunConfig, split: Split, asked: Mapping[Key, Asked], result: Result, digest: str) -> EpisodeRecord:
    job = result.job
    each = asked[job.head, job.train_seed, *result.condition, job.scene_index]
    checkpoint = each.entry.checkpoint(split, each.condition)
    return EpisodeRecord(
        suite_version=str(split.suite_version),
        split=split.name,
        condition=result.condition[0],
        level=result.condition[1],
        scene_index=job.scene_index,
        scene_hash=result.scene_hash,
        head=job.head,
        backbone=checkpoint.backbone if checkpoint else "",
        train_seed=job.train_seed,
        demos=checkpoint.demos if checkpoint else 0,
        checkpoint_hash=each.checkpoint,
        config_hash=digest,
        task=split.task,
        robot=split.robot,
        policy_hash=each.policy,
        replan_steps=job.replan_steps,
        demo_seed=config.demo_seed_of(job.train_seed) if checkpoint else None,
        **to_dict(result.outcome),
    )


def _key(record: EpisodeRecord) -> Key:
    return record.head, record.train_seed, record.condition, record.level, record.scene_index
