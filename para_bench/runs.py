"""`para-bench run`: train what is not trained, roll out what is not rolled out, and say what the table expects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from para_bench.benchmarks.descriptions import describe
from para_bench.execution.executor import Executor
from para_bench.files import make_folder, write_json
from para_bench.records import EpisodeRecord, description
from para_bench.replays.filmed import make_videos
from para_bench.report.roster import Expected
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.episodes import mark_current, roll_out
from para_bench.rollouts.history import History
from para_bench.rollouts.lock import output_lock
from para_bench.rollouts.policies import WHOLE, Part, find_all, recipes, train_all
from para_bench.training.start import find_checkpoint
from para_bench.types import to_dict


def run(config: RunConfig, part: Part = WHOLE, executor: Executor | None = None) -> tuple[list[EpisodeRecord], Expected]:
    """Do all that is missing in `config.out`, or a part of it; returns the episodes of the table and what the whole one expects.

    Args:
        config: What was asked for.
        part: Which trainings and episodes are done.
        executor: Where they are done; None for this machine.

    Raises:
        ParaBenchError: unknown names, an output folder that cannot be written or that another run is writing to, demonstrations that
            were given and are not in it.
    """
    config.check()
    split = config.find_split()
    if config.given is not None:
        config.given.check_there(split, config.out)
    with output_lock(config.out):
        folder = make_folder(config.out / split.name)
        write_json(folder / "config.json", _plain(to_dict(config)) | {"references": config.bounds})
        description.write(folder, said := describe(split))
        history = History(folder)
        mark_current(config, split, find_all(config, split), folder, part)
        needed = dict.fromkeys(recipe for recipe in recipes(config, split) if part.trains(recipe))
        left = [recipe for recipe in needed if find_checkpoint(recipe, config.out, config.backbone_weights) is None]
        if executor is not None:
            executor.train(left, config)
        elif left:
            from para_bench.rollouts.workers import start_early  # torch from here on

            start_early(config.workers)
        entries = list(train_all(config, split, part.trains))
        done = roll_out(config, split, entries, folder, history, part, executor.roll_out if executor else None)
        if config.videos and part is WHOLE:
            make_videos(config, split, entries, folder)
    seeds: dict[str, list[int]] = {}
    for entry in entries:
        seeds.setdefault(entry.head, []).append(entry.seed)
    episodes = config.profile.episodes
    scenes = {c.key: c.indices(episodes) for c in split.all_conditions if c.indices(episodes)}
    return done, Expected(seeds, scenes, said)


def _plain(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Path) else value for name, value in settings.items()}
