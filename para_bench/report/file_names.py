"""File names made from names in records, unique in a folder."""

from __future__ import annotations

from collections.abc import Iterable

from para_bench.files import file_name
from para_bench.types import content_hash

MOST = 160
"""Letters of a name made of several words; file systems allow 255 bytes with the suffix."""


def joined(words: Iterable[str]) -> str:
    """Several names as one file name; a very long name ends in a hash, so that different names stay different."""
    words = list(words)
    name = "-".join(map(file_name, words))
    return name if len(name.encode()) <= MOST else f"{name.encode()[: MOST - 17].decode(errors='ignore')}-{content_hash(words)}"


class FileNames:
    """Hands out file names; names that differ only in case or in characters not allowed in files get different ones."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, *words: str) -> str:
        """One part of a path without a suffix."""
        found = name = joined(words)
        number = 2
        while found.casefold() in self._taken:
            found, number = f"{name}_{number}", number + 1
        self._taken.add(found.casefold())
        return found
