"""CPU seconds of a call, and a folder in which what is timed leaves nothing behind."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

CACHE = "PARA_BENCH_CACHE"

T = TypeVar("T")


def timed(call: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds of this process, and what the call returned."""
    started = time.process_time()
    found = call()
    return time.process_time() - started, found


@contextmanager
def own_cache() -> Iterator[Path]:
    """A folder that is removed after the block, within which it is the cache too."""
    before = os.environ.get(CACHE)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[CACHE] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop(CACHE)
            if before is not None:
                os.environ[CACHE] = before
