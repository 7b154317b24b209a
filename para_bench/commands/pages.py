"""Text files that commands write where the user says."""

from __future__ import annotations

from pathlib import Path

from para_bench.types import ParaBenchError


def write_page(path: Path, text: str) -> None:
    """Raises ParaBenchError where the path cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    except OSError as error:
        raise ParaBenchError(f"cannot write {path} ({error.strerror}); allowed: a path you may write to") from None
