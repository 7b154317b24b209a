"""episodes.jsonl, the append-only file of results: one EpisodeRecord a line, the newline last; and episodes.parquet, its packed form.

A process that is killed while it writes leaves at most one line without its newline. Readers skip it and `append` removes it,
unless the line is whole but for the newline: then both keep it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from para_bench.records import parquet
from para_bench.records.episode import REQUIRED, EpisodeRecord
from para_bench.types import ParaBenchError, from_dict, to_dict

FILE_NAME = "episodes.jsonl"

EpisodeKey = tuple[str, str, str, str, int, str, str, int, int, str, str, str]


def episode_key(record: EpisodeRecord) -> EpisodeKey:
    """What makes two records the same episode; the same one run by other code is another."""
    r = record
    policy = (r.head, r.backbone, r.train_seed, r.demos, r.checkpoint_hash, r.config_hash, r.policy_hash)
    return (r.suite_version, r.split, r.condition, r.level, r.scene_index, *policy)


def read(*paths: str | Path) -> list[EpisodeRecord]:
    """Records of files, and of every file of records below folders, in order; of one episode found twice the first counts."""
    found: dict[EpisodeKey, EpisodeRecord] = {}
    for path in paths:
        for file in files(Path(path)):
            for record in parquet.read(file) if file.suffix == ".parquet" else _records(file):
                found.setdefault(episode_key(record), record)
    return list(found.values())


def append(path: str | Path, record: EpisodeRecord) -> None:
    """Add one line, on disk when this returns. Creates the file and its folder. One writer a file at a time."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    line = (json.dumps(to_dict(record), separators=(",", ":")) + "\n").encode()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        _end_last_line(path, descriptor)
        written = os.write(descriptor, line)
        if written != len(line):
            raise ParaBenchError(f"{path}: wrote {written} of {len(line)} bytes; allowed: all of them (is the disk full?)")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def files(path: Path) -> list[Path]:
    """The file itself, or every file of records below a folder, sorted; in one folder the packed ones are the older ones."""
    if path.is_dir():
        names = (parquet.FILE_NAME, FILE_NAME)
        return sorted((file for name in names for file in path.rglob(name)), key=lambda file: (file.parent, names.index(file.name)))
    if not path.exists():
        raise ParaBenchError(f"no records at {path}; allowed: an {FILE_NAME}, an {parquet.FILE_NAME} or a folder that holds some")
    return [path]


def _records(file: Path) -> Iterator[EpisodeRecord]:
    *lines, last = file.read_bytes().split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _parse(line)
        except Exception as error:  # cattrs raises groups of many kinds
            raise ParaBenchError(f"{file}:{number}: not an episode record ({error}); allowed: one EpisodeRecord as JSON a line") from error
    if _is_whole(last):
        yield _parse(last)


def _parse(line: bytes) -> EpisodeRecord:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError(f"found {type(value).__name__}, allowed: an object")
    missing = [name for name in REQUIRED if name not in value]
    if missing:
        raise ValueError(f"fields missing: {', '.join(missing)}")
    return from_dict(EpisodeRecord, value)


def _is_whole(line: bytes) -> bool:
    """Whether a last line without newline still is a record."""
    try:
        _parse(line)
    except Exception:  # any damage at all means that the line was cut
        return False
    return True


def _end_last_line(path: Path, descriptor: int) -> None:
    """Cut a partial last line off, or give a whole one its newline."""
    size = os.fstat(descriptor).st_size
    if size == 0:
        return
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    if os.read(descriptor, 1) == b"\n":
        return
    content = path.read_bytes()
    start = content.rfind(b"\n") + 1
    if _is_whole(content[start:]):
        os.write(descriptor, b"\n")
    else:
        os.ftruncate(descriptor, start)
