"""current.json: which policy of a results folder is the current one, as the run that used it wrote it down.

A folder may hold episodes of several policies of one head and training seed (other steps, other decoding, edited code). None is thrown
away; the run that was last asked for says which ones its table is about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from para_bench.files import write_json
from para_bench.records.episode import EpisodeRecord
from para_bench.types import ParaBenchError, content_hash

FILE_NAME = "current.json"
FORMAT = 1


class Place(NamedTuple):
    """A cell of a split's table."""

    head: str
    train_seed: int
    condition: str
    level: str


class State(NamedTuple):
    """What tells one policy and its rollouts from another of the same place."""

    checkpoint_hash: str
    policy_hash: str
    config_hash: str

    @property
    def short(self) -> str:
        """8 characters for the names of files that show its episodes; the checkpoint's own of older records. Empty: an older reference."""
        return content_hash([*self])[:8] if self.policy_hash else self.checkpoint_hash[:8]


def place_of(record: EpisodeRecord) -> Place:
    return Place(record.head, record.train_seed, record.condition, record.level)


def state_of(record: EpisodeRecord) -> State:
    return State(record.checkpoint_hash, record.policy_hash, record.config_hash)


def read(folder: Path) -> dict[Place, State]:
    """What `mark` wrote; nothing where there is no file.

    Raises:
        ParaBenchError: the file is damaged.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return {}
    try:
        value = json.loads(path.read_text())
        if value["format"] != FORMAT:
            raise ParaBenchError(f"{path} has format {value['format']!r}; allowed: {FORMAT}")
        return {
            Place(str(row["head"]), int(row["train_seed"]), str(condition), str(level)): State(*(str(row[name]) for name in State._fields))
            for row in value["policies"]
            for condition, level in row["conditions"]
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ParaBenchError(f"{path} is damaged ({type(error).__name__}: {error}); allowed: as a run wrote it, or no file") from None


def mark(folder: Path, states: Mapping[Place, State]) -> None:
    """Make these the current ones of their places; what is said of other places stays."""
    rows: dict[tuple[str, int, State], list[tuple[str, str]]] = {}
    for place, state in {**read(folder), **states}.items():
        rows.setdefault((place.head, place.train_seed, state), []).append((place.condition, place.level))
    policies = [
        {"head": head, "train_seed": seed, **state._asdict(), "conditions": conditions} for (head, seed, state), conditions in rows.items()
    ]
    write_json(folder / FILE_NAME, {"format": FORMAT, "policies": policies}, indent=1)
