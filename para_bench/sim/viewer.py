"""MuJoCo's own window, in which a person watches an episode."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import mujoco

from para_bench.sim import display
from para_bench.sim.simulation import Simulation
from para_bench.types import ParaBenchError

HUMAN = "render_mode is 'human', but "
RGB = "render_mode='rgb_array'"


def check_display(asked: str = HUMAN, instead: str = RGB) -> None:
    """Raises ParaBenchError where no window can open: the window's thread would end the process, or wait for ever.

    Args:
        asked: Begins the message: what wants a window.
        instead: Ends it: what needs none.
    """
    if why := display.problem():
        raise ParaBenchError(f"{asked}{why}; allowed: a display, or {instead}")


class Opened(NamedTuple):
    """A window."""

    handle: Any
    """mujoco.viewer.Handle."""
    threads: set[threading.Thread]
    """Threads that draw it."""

    def close(self) -> None:
        """Returns when nothing is drawn any more: a window that draws while the next one opens, or the process ends, crashes."""
        self.handle.close()
        for thread in self.threads:
            thread.join(CLOSING_S)


CLOSING_S = 10.0
"""Longest wait for a window's thread [s]."""


def launch(model: mujoco.MjModel, data: mujoco.MjData, instead: str = RGB, on_key: Callable[[int], None] | None = None) -> Opened:
    """Open MuJoCo's window on a state, which the window owns from now on.

    Args:
        model: Model of the scene.
        data: Shown whenever the handle's `sync` is called.
        instead: Ends the message of the error.
        on_key: Called from the window's thread with GLFW's number of each key that is pressed.

    Raises:
        ParaBenchError: the window does not open, as on macOS under plain `python`.
    """
    import mujoco.viewer  # it loads a window library

    before = set(threading.enumerate())
    try:
        handle = mujoco.viewer.launch_passive(model, data, key_callback=on_key, show_left_ui=False, show_right_ui=False)
        return Opened(handle, set(threading.enumerate()) - before)
    except RuntimeError as error:
        raise ParaBenchError(f"MuJoCo's viewer does not open ({error}); allowed on {sys.platform}: {instead}") from None


class Viewer:
    """A passive viewer of one simulation, which never touches the physics: it has a copy of the state."""

    def __init__(self, simulation: Simulation) -> None:
        """Raises ParaBenchError where no window can open."""
        check_display()
        self._simulation, self._data = simulation, simulation.copy_of_data()
        self._opened = launch(simulation.model, self._data)
        self._handle = self._opened.handle
        self._started = time.monotonic() - simulation.data.time

    def show(self) -> None:
        """The present state, not sooner than its simulated time; nothing where the person has closed the window."""
        if not self._handle.is_running():
            return
        data = self._simulation.data
        time.sleep(max(0.0, self._started + data.time - time.monotonic()))
        self._started = time.monotonic() - data.time
        with self._handle.lock():
            mujoco.mj_copyData(self._data, self._simulation.model, data)
        self._handle.sync()

    def close(self) -> None:
        self._opened.close()
