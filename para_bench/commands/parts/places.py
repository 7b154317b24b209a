"""Whether a file can be written where the user wants it, asked before work of minutes."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from para_bench.files import make_folder
from para_bench.types import ParaBenchError


def check_place(path: Path) -> None:
    """Raises ParaBenchError where no such file can be written; leaves a folder, and no file."""
    make_folder(path.parent)
    probe = path.with_name(f".{path.name}.probe")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if path.exists() and not path.is_file():
            return  # a pipe or a device
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ParaBenchError(f"cannot write {path} ({error.strerror}); allowed: a path you may write to") from None
