"""One run at a time on one output folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from para_bench.types import ParaBenchError


@contextmanager
def output_lock(out: Path) -> Iterator[None]:
    """One run at a time on one output folder: held within the block, free after it, also after a process was killed in it.

    Raises:
        ParaBenchError: another run holds it, or the folder cannot be written.
    """
    lock = FileLock(out / ".lock", timeout=0)
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise ParaBenchError(f"another para-bench is writing to {out}; allowed: wait for it, or another --out") from None
    except OSError as error:
        raise ParaBenchError(f"cannot write to --out {out} ({error.strerror}); allowed: a folder you may write to") from None
    try:
        yield
    finally:
        lock.release()
