"""What the server of worker processes has imported before it forks the first one.

`rollouts.workers` names this module to multiprocessing's fork server on Linux; nothing else may import it. Importing these modules starts
no thread and no GL context, which would not survive a fork.
"""

from __future__ import annotations

import signal

import para_bench.rollouts.jobs
import para_bench.training.trained  # noqa: F401

# Forks inherit it: until it ignores Ctrl-C, a worker is not told of it. Python would otherwise print the trace of one at its start.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
