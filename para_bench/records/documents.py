"""Files beside records, read whole and strictly: only regular files are opened, only UTF-8 and plain JSON is taken."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from para_bench.records.values import WrongValueError
from para_bench.text import printable
from para_bench.types import ParaBenchError

T = TypeVar("T")
_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


def exists(path: Path) -> bool:
    """Whether there is a file to read.

    Raises:
        ParaBenchError: there is something else, which might never end, or it cannot be looked at.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if not stat.S_ISREG(mode):
        raise ParaBenchError(f"{path} is {_KINDS.get(stat.S_IFMT(mode), 'no file')}; allowed: a regular file")
    return True


def read_bytes(path: Path) -> bytes:
    """Raises ParaBenchError where it is no regular file, or not there."""
    if not exists(path):
        raise ParaBenchError(f"there is no file {path}; allowed: one that exists")
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None


def read_json(path: Path, take: Callable[[Any], T], allowed: str) -> T | None:
    """What `take` makes of the file's value; None where there is no file.

    Args:
        path: The file.
        take: Checks the value; what it raises of WrongValueError, KeyError, TypeError and the like is told as damage.
        allowed: What the message says is allowed.

    Raises:
        ParaBenchError: no regular file, no JSON, or refused by `take`.
    """
    if not exists(path):
        return None
    content = read_bytes(path)
    try:
        return take(parse_json(content))
    except ParaBenchError:
        raise
    except WrongValueError as wrong:
        told = f"{wrong.where or 'value'} is {wrong.found}, not {wrong.allowed}"
        raise ParaBenchError(f"{path} is damaged ({told}); allowed: {allowed}") from None
    except Exception as error:  # whatever a value of the wrong shape leads to
        raise ParaBenchError(f"{path} is damaged ({reason(error)}); allowed: {allowed}") from None


def parse_json(content: bytes) -> Any:
    """JSON in UTF-8 without keys that come twice in one object. NaN and Infinity are left to the check of their field.

    Raises:
        ValueError, RecursionError: it is none.
    """
    return json.loads(content.decode(), object_pairs_hook=_once)


def reason(error: BaseException) -> str:
    """Why something could not be read, on one line."""
    if isinstance(error, WrongValueError):
        return str(error)
    if isinstance(error, RecursionError):
        return "nested too deep"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    words = str(error).strip().partition("\n")[0]
    return printable(f"{type(error).__name__}: {words}" if words else type(error).__name__)[:200]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise WrongValueError("there twice", "each field once", printable(twice[:60]))
    return found


def _unreadable(path: Path, error: BaseException) -> ParaBenchError:
    return ParaBenchError(f"cannot read {path} ({getattr(error, 'strerror', None) or error}); allowed: a file you may read")
