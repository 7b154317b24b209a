"""The fence around a policy: its own failures end an episode with a reason, a machine's stop the run and are never recorded."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch

from para_bench.plugins import torch_settings
from para_bench.text import printable
from para_bench.types import ACTIONS, ActionChunk, HaltError, ParaBenchError

FAILURES = BaseException
"""What a policy may raise; whoever catches it lets KeyboardInterrupt, which is the user's, pass first."""
MOST_LETTERS = 60
"""Letters of an error's name in a reason."""
_OWN_TYPES = (FileNotFoundError, FileExistsError, IsADirectoryError, NotADirectoryError)
"""Errors of the file system that say nothing about the machine: a policy asked for a missing file."""
_MACHINE_TYPES = (MemoryError, OSError, torch.OutOfMemoryError, *filter(None, [getattr(torch, "AcceleratorError", None)]))
_MACHINE_WORDS = (
    "out of memory",
    "allocate memory",
    "not enough memory",
    "bad_alloc",
    "shared memory",
    "alloc_failed",  # cuBLAS, cuDNN
    "status_not_initialized",  # cuBLAS and cuDNN where a GPU has no memory left for them
    "status_internal_error",
    "status_execution_failed",
    "cuda error",
    "cuda driver",
    "hip error",
    "no cuda gpus",
    "can't start new thread",
    "resource temporarily unavailable",
)
"""Words, lower case, by which the message of a RuntimeError tells that the machine failed."""


def is_machine_failure(error: BaseException) -> bool:
    """Whether memory, disk or device failed, at any place in the error's chain of causes."""
    return any(_is_machine(each) for each in _chain(error, set()))


def machine_failure(error: BaseException) -> ParaBenchError:
    """The one line that ends the run."""
    first = next((each for each in _chain(error, set()) if _is_machine(each)), error)
    return ParaBenchError(f"this machine failed ({_line(first)}); nothing of it is recorded, and the same command continues")


def crash_reason(error: BaseException) -> str:
    """Reason of an episode that ended in an error of the policy.

    Raises:
        ParaBenchError: the machine failed, not the policy.
        HaltError: the error is one.
    """
    if isinstance(error, HaltError):
        raise error
    if is_machine_failure(error):
        raise machine_failure(error) from error
    return f"crash_{printable(type(error).__name__)[:MOST_LETTERS]}"


@contextmanager
def told_as(say: Callable[[BaseException], str]) -> Iterator[None]:
    """What a policy raises in the block becomes the one line that `say` makes of it.

    Raises:
        ParaBenchError: that line; an error of para-bench, unchanged; or the machine failed, not the policy.
    """
    try:
        yield
    except (ParaBenchError, KeyboardInterrupt):
        raise
    except FAILURES as error:
        if is_machine_failure(error):
            raise machine_failure(error) from error
        raise ParaBenchError(say(error)) from error


def chunk_problem(chunk: object) -> str:
    """Reason why an episode ends because of what a policy returned; empty for a chunk that can be executed."""
    if not isinstance(chunk, ActionChunk):
        return "bad_chunk_type"
    actions, heatmaps = chunk.actions, chunk.heatmaps
    if not _is_numeric(actions):
        return "bad_chunk_dtype"
    if actions.shape != (ACTIONS.horizon, ACTIONS.dim):
        return "bad_chunk_shape"
    if heatmaps is not None and not (
        _is_numeric(heatmaps) and heatmaps.ndim == 3 and len(heatmaps) == ACTIONS.horizon and heatmaps.size > 0
    ):
        return "bad_heatmaps"
    return ""


def _is_numeric(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "fiu"


def _is_machine(error: BaseException) -> bool:
    if isinstance(error, _OWN_TYPES):
        return False
    words = _words(error).lower()
    return isinstance(error, _MACHINE_TYPES) or (isinstance(error, RuntimeError) and any(each in words for each in _MACHINE_WORDS))


def _words(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # a policy's own class may fail here too
        return ""


@contextmanager
def same_process() -> Iterator[None]:
    """Restores the process at the end of the block: the working directory, to which a run's paths are relative, and torch's settings."""
    folder, depth, settings = Path.cwd(), sys.getrecursionlimit(), torch_settings()
    try:
        yield
    finally:
        if Path.cwd() != folder:
            os.chdir(folder)
        sys.setrecursionlimit(depth)
        for name, (now, _) in torch_settings().items():
            before, put_back = settings[name]
            if now != before:
                put_back(before)


def _chain(error: BaseException, seen: set[int]) -> Iterator[BaseException]:
    """The error, what it was raised from, and the members of a group."""
    if id(error) in seen:
        return
    seen.add(id(error))
    yield error
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for each in (*((before,) if before else ()), *(error.exceptions if isinstance(error, BaseExceptionGroup) else ())):
        yield from _chain(each, seen)


def _line(error: BaseException) -> str:
    words = printable(_words(error).strip().partition("\n")[0])
    return f"{type(error).__name__}{f': {words}' if words else ''}"
