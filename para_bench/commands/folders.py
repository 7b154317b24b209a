"""Folders that commands write to."""

from __future__ import annotations

from pathlib import Path

from para_bench.types import ParaBenchError


def make_folder(path: Path) -> None:
    """Make it where it is not there yet.

    Raises:
        ParaBenchError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ParaBenchError(f"cannot write to --out {path} ({error.strerror}); allowed: a folder you may write to") from None
