"""Signals that end a command: Python raises `Interrupted` for them, but not in the middle of an import.

Imports the standard library alone, so that it stands before anything else is imported.
"""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType
from typing import Any

PATIENCE_S = 15.0
"""Seconds that an import may go on after a signal."""
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupted(KeyboardInterrupt):
    """A class of its own: Python kills itself at its end where a plain KeyboardInterrupt left an `exec`, though it was caught later."""


class Interrupts:
    """Listens from `listen` to `restore`; `caught` holds the numbers of the signals that came, in their order."""

    def __init__(self) -> None:
        self.caught: list[int] = []
        self._first_s = 0.0
        self._again: threading.Timer | None = None
        self._before: dict[int, Any] = {}

    def listen(self) -> None:
        """Signals that the caller's shell ignores stay ignored; outside the main thread nothing is heard."""
        if threading.current_thread() is threading.main_thread():
            found = {number: signal.getsignal(number) for number in _SIGNALS}
            self._before = {number: before for number, before in found.items() if before not in (signal.SIG_IGN, None)}
            self._set(self._interrupt)

    def ignore(self) -> None:
        """From now on a signal does nothing, one that waits for an import neither."""
        self._set(signal.SIG_IGN)
        if self._again is not None:
            self._again.cancel()
            self._again.join()

    def restore(self) -> None:
        """What the signals did before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _set(self, handler: Any) -> None:
        for number in self._before:
            signal.signal(number, handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        """An exception in Python code that the C++ of torch calls while it is imported would abort the process."""
        self.caught.append(number)
        self._first_s = self._first_s or time.monotonic()
        if _is_importing(frame) and time.monotonic() - self._first_s < PATIENCE_S:
            self._again = threading.Timer(0.05, _send, (number,))
            self._again.daemon = True
            self._again.start()
            return
        raise Interrupted


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _send(number: int) -> None:
    """To the main thread, whatever it waits for."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:
        signal.raise_signal(number)
