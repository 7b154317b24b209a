"""What the server of worker processes has imported and set before it forks the first one.

`rollouts.workers` names this module to multiprocessing's fork server on Linux; nothing else may import it. Importing these modules starts
no thread and no GL context, which would not survive a fork.
"""

from __future__ import annotations

import signal
import sys
from types import TracebackType

import para_bench.rollouts.jobs
import para_bench.training.trained  # noqa: F401

ENDED = (EOFError, FileNotFoundError)
"""Errors of a fork that starts after its command has ended: nothing to read, and no semaphores."""


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Python's own hook, but silent for a worker that nobody waits for."""
    if not issubclass(kind, ENDED):
        sys.__excepthook__(kind, error, trace)


# Forks inherit both. Ctrl-C does not reach a worker before it ignores it.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
sys.excepthook = _tell
