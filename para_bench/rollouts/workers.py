"""Work in processes of one thread each: their number changes no result."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from para_bench.rollouts.fence import is_machine_failure, machine_failure
from para_bench.types import ParaBenchError

SERVER = "para_bench.execution.worker_server"
"""Module that the server of worker processes imports before it forks them."""
J = TypeVar("J")
R = TypeVar("R")


def run_jobs(jobs: Iterable[J], workers: int, function: Callable[[J], R], few: int = 0) -> Iterator[R]:
    """Results of `function` for each job, as they come, from `workers` processes; 1 worker, or at most `few` jobs, run in this process.

    Raises:
        ParaBenchError: a worker process died (out of memory, killed), its machine failed, or a job ended its process.
        RuntimeError: an error in a worker that cannot be handed over as it is; its message has the trace.
    """
    import torch

    jobs, guarded = list(jobs), partial(fenced, function)
    if workers == 1 or len(jobs) <= few:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # the same arithmetic as a worker's
        try:
            yield from map(guarded, jobs)
        finally:
            torch.set_num_threads(threads)
        return
    with ProcessPoolExecutor(workers, mp_context=_fresh_processes(), initializer=_start_worker, initargs=(dict(os.environ),)) as pool:
        waiting: set[Future] = set()
        try:
            for job in jobs:
                with _no_interrupt():  # processes start here, and inherit it
                    waiting.add(pool.submit(guarded, job))
                if len(waiting) >= 4 * workers:  # few enough that an interrupt loses little
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from _results(done)
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from _results(done)
        except BrokenProcessPool:
            raise ParaBenchError("a worker process died (out of memory?); the same command continues, fewer --workers need less") from None
        except KeyboardInterrupt:
            for worker in multiprocessing.active_children():  # a training under way would go on for minutes
                worker.terminate()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def start_early(workers: int) -> None:
    """Let the imports of worker processes begin, beside what this process does before it needs them; 1 worker needs none."""
    if workers > 1 and sys.platform == "linux":
        _fresh_processes()
        from multiprocessing import forkserver

        with _no_interrupt():
            forkserver.ensure_running()


def _fresh_processes() -> Any:
    """Processes without the GL context and the threads of this one, which would not survive a fork.

    On Linux they are forks of a server that has imported what jobs need and has done nothing else, so that the first pool of a command
    imports it once, and later pools not at all.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([SERVER])
    return context


def _results(done: Iterable[Future[R]]) -> Iterator[R]:
    """Successful results first, so that an error loses none of them."""
    yield from (future.result() for future in sorted(done, key=lambda future: future.exception() is not None))


def fenced(function: Callable[[J], R], job: J) -> R:
    """The result of `function` for the job, with errors that can be pickled.

    Raises:
        ParaBenchError: as `run_jobs`.
        RuntimeError: as `run_jobs`.
    """
    try:
        return function(job)
    except ParaBenchError as error:
        raise ParaBenchError(str(error)) from error  # one kind, which every process can read
    except SystemExit as error:
        raise ParaBenchError(f"a job ended its process (SystemExit: {error.code}); allowed: code that returns or raises") from error
    except Exception as error:
        if is_machine_failure(error):
            raise machine_failure(error) from error
        if not _is_portable(error):
            raise RuntimeError("".join(traceback.format_exception(error))) from None
        raise


def _is_portable(error: Exception) -> bool:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # whatever its class does
        return False
    return True


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """An interrupt waits until the end of the block; processes that are started in it do not know of it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker(environment: dict[str, str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends the pool
    os.environ.clear()  # the server's environment is as old as the command's first pool
    os.environ.update(environment)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import torch

    torch.set_num_threads(1)


def _end_with_parent() -> None:
    """A parent that is killed outright cannot end its pool, and a worker would wait for ever for the next job."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
