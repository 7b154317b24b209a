"""One run at a time on one output folder."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from para_bench.types import ParaBenchError


def output_lock(out: Path) -> FileLock:
    """One run at a time on one output folder."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / ".lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise ParaBenchError(f"another para-bench is writing to {out}; allowed: wait for it, or another --out") from None
    except OSError as error:
        raise ParaBenchError(f"cannot write to --out {out} ({error.strerror}); allowed: a folder you may write to") from None
    return lock
