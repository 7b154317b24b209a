"""The only place that writes files: each is written whole or not at all, and never outside the folder that was asked for."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from para_bench.types import ParaBenchError

_PLAIN = re.compile(r"[^\w.+=@-]+")
MAX_NAME = 120
"""Most letters of a file name that is made from another name; file systems allow 255 bytes."""


@contextmanager
def writing(path: str | Path, *failures: type[Exception]) -> Iterator[Path]:
    """A temporary path to write to. It replaces `path` when the block ends without an error, and is removed otherwise.

    Readers see the old file or the new one. A pipe or a device is written to as it is.

    Args:
        path: The file; its folder is made where it is missing.
        failures: Errors beside OSError that the writing library raises on a full disk.

    Raises:
        ParaBenchError: the file cannot be written; says why.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = path.resolve() if path.is_symlink() else path
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            held = os.open(target, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe that nobody reads is refused instead of waited for
            try:
                yield target
            finally:
                os.close(held)
            return
        # The suffix stays: many writers choose the format by it.
        partial = target.with_name(f".{target.stem[:MAX_NAME]}.{uuid.uuid4().hex[:8]}.partial{target.suffix}")
        try:
            yield partial
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except (OSError, *failures) as error:
        raise _refused(path, error) from error


@contextmanager
def writing_folder(path: str | Path) -> Iterator[Path]:
    """A temporary path for a new folder. It replaces `path` when the block ends without an error, and is removed otherwise.

    The folder does not exist when the block begins: some libraries insist on making it.

    Raises:
        ParaBenchError: something is at `path` already that is no empty folder, or it cannot be written.
    """
    path = Path(path)
    partial = path.with_name(f".{path.name[:MAX_NAME]}.{uuid.uuid4().hex[:8]}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not (path.is_dir() and not any(path.iterdir())):
            raise ParaBenchError(f"{path} is there already; allowed: a folder that is not there yet, or an empty one")
        try:
            yield partial
            partial.replace(path)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise _refused(path, error) from error


def write_bytes(path: str | Path, content: bytes) -> None:
    """Raises ParaBenchError as `writing`."""
    with writing(path) as partial, partial.open("wb") as file:
        file.write(content)


def write_text(path: str | Path, text: str) -> None:
    """UTF-8, line ends as they are. Raises ParaBenchError as `writing`."""
    write_bytes(path, text.encode())


def write_json(path: str | Path, value: Any, indent: int | None = 2) -> None:
    """Plain JSON values and a line end. Raises ParaBenchError as `writing`."""
    write_text(path, json.dumps(value, indent=indent) + "\n")


def make_folder(path: str | Path) -> Path:
    """Make it where it is missing; returns it.

    Raises:
        ParaBenchError: it cannot be made.
    """
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ParaBenchError(f"cannot write to {path} ({error.strerror}); allowed: a folder you may write to") from error
    return path


def check_regular(path: str | Path, allowed: str) -> Path:
    """Check a path before it is read: reading a pipe or a device could wait forever. Returns the path.

    Raises:
        ParaBenchError: there is something that is no file; says what is `allowed`.
    """
    path = Path(path)
    try:
        other = path.exists() and not path.is_file()
    except OSError as error:
        raise ParaBenchError(f"cannot read {path} ({error.strerror}); allowed: {allowed}") from error
    if other:
        raise ParaBenchError(f"{path} is {'a folder' if path.is_dir() else 'a pipe or a device'}; allowed: {allowed}")
    return path


def file_name(name: str) -> str:
    """Any name as one part of a path: letters, digits and _ . + = @ - stay, all else becomes "-"; never empty, never hidden, never `..`."""
    plain = _PLAIN.sub("-", name)[:MAX_NAME].lstrip(".")
    return plain or "-"


def _refused(path: Path, error: BaseException) -> ParaBenchError:
    why = getattr(error, "strerror", None) or str(error).strip().partition("\n")[0] or type(error).__name__
    full = os.strerror(errno.ENOSPC) in why  # other libraries put the system's words into their own message
    if full or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)):
        return ParaBenchError(f"cannot write {path} ({why}); what was there before stays; free some space and repeat the command")
    return ParaBenchError(f"cannot write {path} ({why}); allowed: a path you may write to")
