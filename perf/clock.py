"""What the scripts that measure time share: CPU seconds of a call, and of child processes."""

from __future__ import annotations

import resource
from collections.abc import Callable

from para_bench.execution.stopwatch import timed


def cpu_s(call: Callable[[], object]) -> float:
    """CPU seconds of this process during a call."""
    return timed(call)[0]


def children_s() -> float:
    """User and system seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
