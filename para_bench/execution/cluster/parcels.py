"""Finished folders on their way between driver and nodes: read as bytes, and written whole or not at all where they arrive."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from para_bench.execution.copies import packed
from para_bench.files import make_folder, write_bytes
from para_bench.types import ParaBenchError

Files = Mapping[str, bytes]
"""Name -> content."""


class Parcel(NamedTuple):
    """A folder, or one file as a folder of its own, that tasks ask for where their node does not have it yet."""

    name: str
    """Below a results folder: "checkpoints/NAME", "demonstrations/NAME"."""
    digest: str
    """16 hex digits over its files."""
    files: Any
    """Reference to `Files` in the cluster's object store."""


def digest(files: Files) -> str:
    """16 hex digits over names and contents."""
    found = hashlib.sha256()
    for name in sorted(files):
        found.update(f"{name} {len(files[name])}\n".encode())
        found.update(files[name])
    return found.hexdigest()[:16]


def contents(path: Path) -> Files:
    """Files of a finished folder, or one file.

    Raises:
        ParaBenchError: it cannot be read.
    """
    try:
        return packed(path) if path.is_dir() else {path.name: path.read_bytes()}
    except OSError as error:
        raise ParaBenchError(f"cannot read {path} ({error.strerror}); allowed: a file or folder that you may read") from None


def placed(files: Files, target: Path) -> Path:
    """Write a folder that is not there yet, whole or not at all: tasks of one node may do so side by side, and any may be killed."""
    if target.is_dir():
        return target
    make_folder(target.parent)
    partial = target.with_name(f".{uuid.uuid4().hex}.partial")
    try:
        for name, content in files.items():
            write_bytes(partial / name, content)
        partial.rename(target)
    except OSError as error:
        if not target.is_dir():  # by another task meanwhile
            raise ParaBenchError(f"cannot write {target} ({error.strerror}); allowed: a folder you may write to") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target
