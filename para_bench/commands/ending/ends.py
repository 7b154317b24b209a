"""How a command ends: what went wrong is one line on standard error, an interrupt ends every worker, a closed pipe ends in silence.

Imports the standard library alone, so that it stands before anything else is imported.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from para_bench.commands.ending.interrupts import Interrupts

DEBUG = "PARA_BENCH_DEBUG"
"""Environment variable: 1 prints the traceback of an error above its line."""


def run_to_the_end(action: Callable[[], None], error_code: int = 1) -> None:
    """Do it; whatever happens within ends as one line and an exit code: `error_code`, or 128 + the number of the signal.

    Raises:
        SystemExit: with that code, or the one that `action` raised.
    """
    interrupts = Interrupts()
    interrupts.listen()
    line, code = "", None
    try:
        _open_streams()
        action()
        sys.stdout.flush()
    except SystemExit as stop:
        code = stop.code
    except BaseException as error:
        if interrupts.caught or isinstance(error, KeyboardInterrupt):  # an interrupted import raises whatever it likes
            line, code = "interrupted; the same command continues", 128 + (interrupts.caught or [signal.SIGINT])[0]
        else:
            line, code = _line(error), error_code
    # Progress bars end their line when the exception has let go of them: only now is the cursor at the start of a line.
    try:
        interrupts.ignore()
        if code is not None:
            _end_workers()
        if failed := _flush():
            line, code = line or failed, code or error_code
        if line.strip():
            with contextlib.suppress(OSError, ValueError):
                print(f"para-bench: {line}", file=sys.stderr, flush=True)
        if code is not None:
            sys.exit(code)
    finally:
        interrupts.restore()


def _open_streams() -> None:
    """Streams that can take any letter, also on a terminal of another alphabet; a closed standard output is refused."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - for the whole process
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - what libraries print has somewhere to go
        raise OSError("standard output is closed; allowed: a terminal, a file or a pipe, also /dev/null")
    for stream, how in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if (reconfigure := getattr(stream, "reconfigure", None)) and stream.errors in ("strict", "surrogateescape"):
            reconfigure(errors=how)


def _line(error: BaseException) -> str:
    """What a user reads of it: a space where silence is right."""
    if os.environ.get(DEBUG) == "1":
        traceback.print_exception(error)
    types = sys.modules.get("para_bench.types")
    if types is not None and isinstance(error, types.ParaBenchError):
        return _one_line(str(error))
    if isinstance(error, BrokenPipeError):
        return " "  # `para-bench ... | head` has read enough
    if isinstance(error, MemoryError):
        return "out of memory; the same command continues, fewer --workers need less"
    if isinstance(error, OSError) and error.filename is not None:
        return _one_line(f"cannot use {error.filename} ({error.strerror}); allowed: a path that you may read and write")
    if isinstance(error, OSError):
        return f"cannot write to standard output or a file ({error.strerror})" if error.errno else _one_line(str(error))
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    ours = [frame for frame in frames if f"{os.sep}para_bench{os.sep}" in frame.filename] or frames[-1:]
    place = f" ({'/'.join(Path(ours[-1].filename).parts[-2:])}:{ours[-1].lineno})" if ours else ""
    words = _one_line(str(error)).strip()[:300]
    return f"unexpected {type(error).__name__}{f': {words}' if words else ''}{place}; please report it, {DEBUG}=1 shows where it came from"


def _one_line(text: str) -> str:
    """Control characters never reach the terminal."""
    words = " ".join(text.splitlines())
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in words)


def _flush() -> str:
    """Why standard output could not be written, "" where it was; what Python flushes at its own end then goes nowhere."""
    try:
        sys.stdout.flush()
        return ""
    except BrokenPipeError:
        found = " "
    except (OSError, ValueError) as error:
        found = f"cannot write to standard output or a file ({getattr(error, 'strerror', None) or error})"
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return found


def _end_workers() -> None:
    """Those that are still starting too."""
    pools = sys.modules.get("multiprocessing")
    for child in pools.active_children() if pools else ():
        child.terminate()
        child.join(2)
        if child.is_alive():
            child.kill()
