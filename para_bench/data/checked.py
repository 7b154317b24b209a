"""Checksums of files. A file that matched once is not read again while the file system says that nobody wrote to it."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from pathlib import Path

from para_bench.files import write_json
from para_bench.types import ParaBenchError

CHECKED = "checked.json"
"""File beside the others that says, by name, which state of each was checked; without it, all are read again."""


def crc32(path: Path) -> int:
    """Checksum of a whole file, read a megabyte at a time."""
    value = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            value = zlib.crc32(block, value)
    return value


def damaged(folder: Path, expected: dict[str, int]) -> str:
    """Name of a file that does not have its checksum, empty where all have.

    Args:
        folder: Holds the files.
        expected: Name -> CRC-32.
    """
    known = _known(folder)
    found = {name: _state(folder / name, checksum) for name, checksum in expected.items()}  # before they are read
    for name, checksum in expected.items():
        if known.get(name) != found[name] and crc32(folder / name) != checksum:
            return name
    if found != known:
        with suppress(OSError, ParaBenchError):  # a cache that may not be written is read through each time
            write_json(folder / CHECKED, found)
    return ""


def _state(path: Path, checksum: int) -> list[int]:
    """What changes when somebody writes to the file or puts another in its place."""
    stat = path.stat()
    return [checksum, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def _known(folder: Path) -> dict:
    try:
        found = json.loads((folder / CHECKED).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
