"""`para-bench run`: train what is not trained, roll out what is not rolled out, and put the table together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch
from filelock import FileLock, Timeout
from tqdm import tqdm

from para_bench.benchmarks import find_split
from para_bench.benchmarks.conditions import Split
from para_bench.benchmarks.jobs import Job, Result, run_jobs
from para_bench.benchmarks.profiles import DEFAULT_LEARNING_RATE, LEARNING_RATES, Profile
from para_bench.benchmarks.sources import source_hash
from para_bench.benchmarks.training import Recipe, checkpoint
from para_bench.benchmarks.videos import VideoJob, record_video
from para_bench.data.augmentation import Augmentation
from para_bench.heads import HEADS
from para_bench.heads.base import HeadConfig
from para_bench.policy import WEIGHTS
from para_bench.references import REFERENCES
from para_bench.report import records
from para_bench.report.roster import Expected
from para_bench.train import TrainConfig
from para_bench.types import SUITE_VERSION, EpisodeRecord, ParaBenchError, content_hash, to_dict

_DECIDES = (
    "types.py",
    "geometry.py",
    "policy.py",
    "references.py",
    "envs",
    "benchmarks/rollout.py",
    "benchmarks/jobs.py",
    "benchmarks/scenes.py",
)
"""Source files whose change may change an episode of a given checkpoint."""


@dataclass(frozen=True)
class RunConfig:
    """A resolved run; lies beside every result."""

    split: str
    heads: tuple[str, ...]
    profile: Profile
    backbone: str = "efficientnet_lite0"
    backbone_weights: Path | None = None
    image_size: int = 224
    decode: str = "subcell"
    finetune: bool = False
    learning_rate: float | None = None
    workers: int = 2
    out: Path = Path("runs")
    device: str = "auto"
    videos: bool = True
    references: tuple[str, ...] = field(default_factory=lambda: tuple(REFERENCES))

    def recipe(self, head: str, seed: int) -> Recipe:
        rate = self.learning_rate or LEARNING_RATES.get(head, DEFAULT_LEARNING_RATE)
        return Recipe(
            head=head,
            train_seed=seed,
            demos=self.profile.demos,
            training=find_split(self.split).training,
            backbone=self.backbone,
            image_size=self.image_size,
            head_config=HeadConfig(decode=self.decode),
            augmentation=Augmentation(copies=self.profile.copies),
            train=TrainConfig(steps=self.profile.steps, batch=self.profile.batch, learning_rate=rate),
            finetune=self.finetune,
        )


@dataclass(frozen=True)
class Entry:
    """A policy of the table: a reference, or one checkpoint of a head."""

    head: str
    seed: int
    checkpoint: Path | None
    checkpoint_hash: str


def run(config: RunConfig) -> tuple[list[EpisodeRecord], Expected]:
    """Do all that is missing in `config.out`; returns the episodes of the table and what it expects.

    Raises:
        ParaBenchError: unknown names, an output folder that cannot be written or that another run is writing to.
    """
    split = find_split(config.split)
    for head in config.heads:
        if head not in HEADS and head not in REFERENCES:
            raise ParaBenchError(f"head {head!r} is unknown; allowed: {', '.join((*HEADS, *REFERENCES))}")
    folder = config.out / split.name
    with output_lock(config.out):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(to_dict(config), indent=2, default=str) + "\n")
        entries = list(train_all(config))
        done = roll_out(config, split, entries, folder)
        if config.videos:
            make_videos(config, split, entries, folder)
    seeds: dict[str, list[int]] = {}
    for entry in entries:
        seeds.setdefault(entry.head, []).append(entry.seed)
    episodes = config.profile.episodes
    scenes = {c.key: c.indices(episodes) for c in split.all_conditions if c.indices(episodes)}
    return done, Expected(seeds, scenes)


def output_lock(out: Path) -> FileLock:
    """One run at a time on one output folder."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / ".lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise ParaBenchError(f"another para-bench is writing to {out}; allowed: wait for it, or another --out") from None
    except OSError as error:
        raise ParaBenchError(f"cannot write to --out {out} ({error.strerror}); allowed: a folder you may write to") from None
    return lock


def train_all(config: RunConfig) -> Iterator[Entry]:
    """Every policy of the table, in the order of its rows; trains what is not there."""
    device = torch.device(("cuda" if torch.cuda.is_available() else "cpu") if config.device == "auto" else config.device)
    for head in (*(h for h in HEADS if h in config.heads), *(h for h in config.heads if h not in HEADS and h not in REFERENCES)):
        for seed in range(config.profile.seeds):
            folder = checkpoint(config.recipe(head, seed), config.out, device, config.backbone_weights)
            digest = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()[:16]
            yield Entry(head, seed, folder, digest)
    for head in REFERENCES:
        if head in config.references or head in config.heads:
            yield Entry(head, 0, None, "")


def roll_out(config: RunConfig, split: Split, entries: list[Entry], folder: Path) -> list[EpisodeRecord]:
    """Append the episodes that are missing; returns all of the table's."""
    path, state = folder / records.FILE_NAME, config_hash(config, split)
    wanted = {(e.head, e.seed, e.checkpoint_hash): e for e in entries}
    keep = {}
    for r in records.read(path) if path.exists() else []:
        if r.config_hash == state and (r.head, r.train_seed, r.checkpoint_hash) in wanted:
            keep[r.head, r.train_seed, r.condition, r.level, r.scene_index] = r
    episodes = config.profile.episodes
    jobs, left, total = [], 0, 0
    for entry in entries:
        for index in range(episodes):
            keys = [c.key for c in split.all_conditions if index in c.indices(episodes)]
            missing = tuple(key for key in keys if (entry.head, entry.seed, *key, index) not in keep)
            left, total = left + len(missing), total + len(keys)
            groups = [(key,) for key in missing] if entry.checkpoint else [missing] if missing else []
            jobs += [_job(config, split, entry, index, group) for group in groups]
    bar = tqdm(total=total, initial=total - left, desc=f"episodes {split.name}", unit="episode", mininterval=1)
    won = {head: [0, 0] for head, *_ in wanted}
    for results in run_jobs(jobs, config.workers):
        for result in results:
            record = _record(config, split, wanted, result, state)
            records.append(path, record)
            keep[record.head, record.train_seed, record.condition, record.level, record.scene_index] = record
            won[record.head] = [won[record.head][0] + record.success_at_end, won[record.head][1] + 1]
            bar.set_postfix_str(" ".join(f"{head} {k}/{n}" for head, (k, n) in won.items() if n), refresh=False)
            bar.update()
    bar.close()
    asked = {(e.head, e.seed, *c.key, i) for e in entries for c in split.all_conditions for i in c.indices(episodes)}
    return [record for key, record in keep.items() if key in asked]


def make_videos(config: RunConfig, split: Split, entries: Iterable[Entry], folder: Path) -> None:
    """One rollout a condition and learned head (of the first training seed); maps of many cells get one."""
    jobs = []
    for entry in entries:
        if entry.checkpoint is None or entry.seed > 0:
            continue
        for condition in split.all_conditions:
            if condition.share[0] == 0 and condition.indices(config.profile.episodes):
                name = f"{entry.head}-{condition.factor}-{condition.level}-{entry.checkpoint_hash[:8]}.mp4"
                job = _job(config, split, entry, condition.indices(config.profile.episodes)[0], (condition.key,))
                if not (folder / "videos" / name).exists():
                    jobs.append(VideoJob(job, folder / "videos" / name))
    for _ in tqdm(run_jobs(jobs, config.workers, record_video), total=len(jobs), desc="videos", disable=not jobs):
        pass


def config_hash(config: RunConfig, split: Split) -> str:
    """16 hex digits over what decides an episode beside its policy and scene."""
    return content_hash([SUITE_VERSION, split.name, split.version, config.image_size, source_hash(_DECIDES)])


def _job(config: RunConfig, split: Split, entry: Entry, index: int, conditions: tuple[tuple[str, str], ...]) -> Job:
    weights = config.backbone_weights
    return Job(split.name, entry.head, entry.seed, entry.checkpoint, config.backbone, config.image_size, index, conditions, weights)


def _record(config: RunConfig, split: Split, entries: dict, result: Result, state: str) -> EpisodeRecord:
    job, outcome = result.job, result.outcome
    learned = job.checkpoint is not None
    digest = next(e.checkpoint_hash for e in entries.values() if (e.head, e.seed) == (job.head, job.train_seed))
    return EpisodeRecord(
        suite_version=SUITE_VERSION,
        split=split.name,
        condition=result.condition[0],
        level=result.condition[1],
        scene_index=job.scene_index,
        scene_hash=result.scene_hash,
        head=job.head,
        backbone=config.backbone if learned else "",
        train_seed=job.train_seed,
        demos=config.profile.demos if learned else 0,
        checkpoint_hash=digest,
        config_hash=state,
        **to_dict(outcome),
    )
