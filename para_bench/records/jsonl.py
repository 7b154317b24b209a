"""episodes.jsonl, the append-only file of results: one EpisodeRecord a line, the newline last.

A process that is killed while it writes leaves at most one line without its newline. Readers skip it and `append` removes it,
unless the line is whole but for the newline: then both keep it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from para_bench.records.documents import exists, parse_json, read_bytes, reason
from para_bench.records.episode import EpisodeRecord
from para_bench.records.fields import record_of
from para_bench.types import ParaBenchError, to_dict

FILE_NAME = "episodes.jsonl"


def read(path: Path) -> Iterator[tuple[int, EpisodeRecord]]:
    """Line number and record of each line.

    Raises:
        ParaBenchError: no regular file, or a line that is no record; says which line and field.
    """
    *lines, last = read_bytes(path).split(b"\n")
    numbered = list(enumerate(lines, start=1))
    if _is_whole(last):
        numbered.append((len(lines) + 1, last))
    for number, line in numbered:
        if line.strip():
            try:
                yield number, record_of(parse_json(line))
            except (ValueError, RecursionError) as error:
                raise ParaBenchError(f"{path}:{number}: not an episode record: {_told(error)}") from None


def line(record: EpisodeRecord) -> str:
    """A record as a line of the file."""
    return json.dumps(to_dict(record), separators=(",", ":")) + "\n"


def append(path: str | Path, record: EpisodeRecord) -> None:
    """Add one line, on disk when this returns. Creates the file and its folder. One writer a file at a time.

    Raises:
        ParaBenchError: the record could not be read again, or the file cannot be written.
    """
    path = Path(path)
    try:
        text = line(record).encode()
        record_of(parse_json(text))
    except (ValueError, TypeError, RecursionError) as error:  # TypeError: no value of JSON
        raise ParaBenchError(f"{path}: not written, no episode record: {_told(error)}") from None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        exists(path)  # refuses what is no regular file, whose opening might never return
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            _end_last_line(path, descriptor)
            written = os.write(descriptor, text)
            if written != len(text):
                raise ParaBenchError(f"{path}: wrote {written} of {len(text)} bytes; allowed: all of them (is the disk full?)")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise ParaBenchError(f"cannot write {path} ({error.strerror}); allowed: a file you may write, on a disk with room") from error


def _told(error: Exception) -> str:
    told = reason(error)
    return told if "allowed: " in told else f"{told}; allowed: one EpisodeRecord as JSON a line"


def _is_whole(line: bytes) -> bool:
    """Whether a last line without newline was not cut: then it is JSON from its first brace to the last."""
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


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
