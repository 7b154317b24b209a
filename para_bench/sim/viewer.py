"""MuJoCo's own window, in which a person watches an episode."""

from __future__ import annotations

import sys
import time

import mujoco

from para_bench.sim import display
from para_bench.sim.simulation import Simulation
from para_bench.types import ParaBenchError


def check_display() -> None:
    """Raises ParaBenchError where no window can open: the window's thread would end the process, or wait for ever."""
    if why := display.problem():
        raise ParaBenchError(f"render_mode is 'human', but {why}; allowed: a display, or render_mode='rgb_array'")


class Viewer:
    """A passive viewer of one simulation, which never touches the physics: it has a copy of the state."""

    def __init__(self, simulation: Simulation) -> None:
        """Raises ParaBenchError where no window can open."""
        check_display()
        import mujoco.viewer  # it loads a window library

        self._simulation, self._data = simulation, simulation.copy_of_data()
        try:
            self._handle = mujoco.viewer.launch_passive(simulation.model, self._data, show_left_ui=False, show_right_ui=False)
        except RuntimeError as error:
            raise ParaBenchError(f"MuJoCo's viewer does not open ({error}); allowed on {sys.platform}: render_mode='rgb_array'") from None
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
        self._handle.close()
