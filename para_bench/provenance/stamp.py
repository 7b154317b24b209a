"""Files told apart within one process without reading them."""

from __future__ import annotations

from pathlib import Path


def stamp(*paths: Path | None) -> tuple[tuple[int, ...], ...]:
    """Values that change when a file does, for caches within one process: a file that is written again has another change time."""
    found = []
    for path in paths:
        try:
            status = path.stat() if path else None
        except OSError:
            status = None
        found.append((status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns) if status else ())
    return tuple(found)
