"""Reading records from files and folders: of one episode found twice the first counts, and both have to say the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from para_bench.records import current, jsonl, parquet
from para_bench.records.documents import exists
from para_bench.records.episode import EpisodeRecord
from para_bench.types import ParaBenchError

EpisodeKey = tuple[str, str, str, str, int, str, str, int, int, str, str, str, str, str]

_KEY = (
    *("suite_version", "split", "condition", "level", "scene_index"),
    *("head", "backbone", "train_seed", "demos", "checkpoint_hash", "config_hash", "policy_hash", "task", "robot"),
)
_SAID = tuple(name for name in EpisodeRecord.__dataclass_fields__ if name not in (*_KEY, "seconds"))
"""What two records of one episode have to agree in; the wall time is another each time."""
_CLOSE = 1e-6
"""Numbers that differ by less, absolutely or relatively, are the same number of two machines."""


def episode_key(record: EpisodeRecord) -> EpisodeKey:
    """What makes two records the same episode; the same one run by other code is another."""
    r = record
    policy = (r.head, r.backbone, r.train_seed, r.demos, r.checkpoint_hash, r.config_hash, r.policy_hash, r.task, r.robot)
    return (r.suite_version, r.split, r.condition, r.level, r.scene_index, *policy)


def read(*paths: str | Path, only_current: bool = False) -> list[EpisodeRecord]:
    """Records of files, and of every file of records below folders, in order; of one episode found twice the first counts.

    Args:
        paths: Files or folders.
        only_current: Leave out episodes of policies that their folder's current.json says are not the current ones.

    Raises:
        ParaBenchError: nothing there, a file is damaged, or two records of one episode contradict each other.
    """
    found: dict[EpisodeKey, tuple[EpisodeRecord, Path, int]] = {}
    chosen: dict[EpisodeKey, EpisodeRecord] = {}
    folders: dict[Path, current.Choice] = {}
    for file in dict.fromkeys(file for path in paths for file in files(Path(path))):
        choice = None
        if only_current:
            choice = folders[file.parent] = folders.get(file.parent) or current.choice(file.parent)
        for number, record in _numbered(file):
            key = episode_key(record)
            first = found.setdefault(key, (record, file, number))
            if first[0] is not record:
                _refuse_contradiction(first, (record, file, number))
            if choice is None or choice.has(record):
                chosen.setdefault(key, first[0])
    return list(chosen.values())


def files(path: Path) -> list[Path]:
    """The file itself, or every file of records below a folder, sorted; in one folder the packed ones are the older ones.

    Raises:
        ParaBenchError: nothing there, or what is there is no regular file.
    """
    if path.is_dir():
        names = (parquet.FILE_NAME, jsonl.FILE_NAME)
        found = sorted((file for name in names for file in path.rglob(name)), key=lambda file: (file.parent, names.index(file.name)))
        return [file for file in found if exists(file)]
    if not exists(path):
        raise ParaBenchError(f"no records at {path}; allowed: an {jsonl.FILE_NAME}, an {parquet.FILE_NAME} or a folder that holds some")
    return [path]


def some_files(path: Path) -> list[Path]:
    """`files`, of which there has to be one: among several folders an empty one would be passed over in silence.

    Raises:
        ParaBenchError: as `files`, or a folder holds none.
    """
    if not (found := files(path)):
        raise ParaBenchError(f"no episode records in {path}; allowed: a folder with the {jsonl.FILE_NAME} of a run, or with packed records")
    return found


def _numbered(file: Path) -> Iterator[tuple[int, EpisodeRecord]]:
    return enumerate(parquet.read(file), start=1) if file.suffix == ".parquet" else jsonl.read(file)


def _refuse_contradiction(first: tuple[EpisodeRecord, Path, int], second: tuple[EpisodeRecord, Path, int]) -> None:
    (one, one_file, one_line), (other, other_file, other_line) = first, second
    for name in _SAID:
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine != theirs and not _close(mine, theirs):
            raise ParaBenchError(
                f"{one_file}:{one_line} and {other_file}:{other_line} contradict each other on scene {one.scene_index} of {one.split} "
                f"{one.condition} {one.level}, head {one.head}: {name} is {mine!r} and {theirs!r}; allowed: two records of one episode "
                "that differ in their wall time alone"
            )


def _close(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, dict):
        return mine.keys() == theirs.keys() and all(_close(mine[name], theirs[name]) for name in mine)
    return type(mine) is type(theirs) is float and math.isclose(mine, theirs, rel_tol=_CLOSE, abs_tol=_CLOSE)
