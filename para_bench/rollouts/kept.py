"""Rolls out kept checkpoints: those stored beside a baseline instead of being trained here."""

from __future__ import annotations

from pathlib import Path

from para_bench.files import make_folder
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.episodes import roll_out
from para_bench.rollouts.lock import output_lock
from para_bench.rollouts.policies import Entry, checkpoint_of


def roll_out_kept(config: RunConfig, kept: dict[str, tuple[int, Path]], demos: int) -> Path:
    """Roll out and return the folder of the records, `config.out`/kept/SPLIT.

    Args:
        config: Split, scenes, workers and where to write.
        kept: Training seed and folder of each head's checkpoint.
        demos: Demonstrations that they were trained on, for the record.
    """
    split = config.find_split()
    folder = config.out / "kept" / split.name
    entries = [
        Entry(head, seed, dict.fromkeys(split.trainings, checkpoint_of(config, head, path, demos, config.backbone)))
        for head, (seed, path) in kept.items()
    ]
    with output_lock(config.out):
        make_folder(folder)
        roll_out(config, split, entries, folder)
    return folder
