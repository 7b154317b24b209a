"""Whether threads without work spin or sleep, chosen before torch is imported: it changes the time that work takes, and no result.

torch's threads meet many times in one training step, and by default each spins while it waits for the others. Where another process has
their core they then wait for a thread that cannot run. Two threads beside other work, relative to one thread (`perf/threads.py`, wall
time, medians of two rounds): extraction 8.8 to 12.6 and a training step 6.2 to 9.1 times as long by default; 0.5 to 0.8 and 0.8 to 1.4
where waiting threads sleep. On an idle machine sleeping costs a little each time, so there they spin, but for a thirtieth of the default
time: extraction takes 1.5 to 2.9 and a training step 2.0 to 2.4 times as long once another process starts.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, MutableMapping
from pathlib import Path

ASLEEP, SHORTLY = {"OMP_WAIT_POLICY": "passive"}, {"GOMP_SPINCOUNT": "10000"}
"""Settings of OpenMP beside other work, and on an idle machine."""
LOOKS, BETWEEN_S = 5, 0.002
"""Readings of the number of running threads, and seconds between two; the lowest counts."""
WIDE = 1 << 20
"""Numbers in an operation that all threads share."""
_RUNNING = Path("/proc/loadavg")


def settle(environment: MutableMapping[str, str] = os.environ) -> None:
    """Choose for this process and those that it starts, unless the user has chosen or torch is imported already."""
    if "torch" in sys.modules or any(name in environment for name in (*ASLEEP, *SHORTLY)):
        return
    others = others_running()
    if others is not None:
        environment.update(ASLEEP if others else SHORTLY)


def spins(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether threads without work are to spin, as OpenMP's are set to, instead of sleeping."""
    return environment.get("OMP_WAIT_POLICY", "").lower() != "passive"


def others_running() -> int | None:
    """Threads of other processes that run now or wait for a core; None where the system does not tell."""
    least = None
    for _ in range(LOOKS):
        try:
            running = int(_RUNNING.read_text().split()[3].partition("/")[0]) - 1  # without this thread
        except (OSError, ValueError, IndexError):
            return None
        least = running if least is None else min(least, running)
        time.sleep(BETWEEN_S)
    return max(least or 0, 0)


def flushes() -> bool:
    """Whether this thread takes numbers below 1e-38 for zero; torch sets that and does not tell."""
    import torch

    return not bool(torch.tensor(1e-40) * 1)


def start_flushing() -> None:
    """Start torch's threads as ones that take numbers below 1e-38 for zero; the calling thread stays as it is.

    `torch.set_flush_denormal` reaches the calling thread alone. The others keep for good what held when they were started, which the
    first wide operation of a process does. A training whose threads compute such numbers takes four times as long, and gets other weights.
    """
    import torch

    before = flushes()
    torch.set_flush_denormal(True)
    torch.ones(WIDE).mul(1)
    torch.set_flush_denormal(before)
