"""MuJoCo's window for a person who presses keys: it shows one scene after the other and keeps the view that the mouse has chosen."""

from __future__ import annotations

import queue
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import mujoco

from para_bench.sim.base import Knot
from para_bench.sim.build import HIDDEN_GROUP
from para_bench.sim.cameras import WORKSPACE_CENTRE
from para_bench.sim.executor import KNOT_S
from para_bench.sim.simulation import Simulation
from para_bench.sim.viewer import Opened, check_display, launch

VIEW = (180.0, -45.0, 0.75)
"""Azimuth and elevation [deg] and distance [m] at the start: where the default webcam stands, across the table from the arm."""
IDLE_S = 0.02
"""Between two looks for keys, and for a window that was closed [s]."""


class Window:
    """Opens with the first scene; it has a copy of the state and never touches the physics."""

    def __init__(self, command: str, instead: str) -> None:
        """Raises ParaBenchError where no window can open.

        Args:
            command: The command that opens it, for the error message.
            instead: What needs no window, for the same message.
        """
        check_display(f"{command} opens a window, but ", instead)
        self._mac = f"mjpython -m para_bench {command.removeprefix('para-bench ')}"
        self._keys: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._handle: Any = None
        self._opened: Opened | None = None
        self._view = VIEW

    def open(self, simulation: Simulation, texts: Sequence[tuple[str, str]]) -> None:
        """Show a new scene, and two columns of text in the corner."""
        self.close()
        self._model, self._data = simulation.model, simulation.copy_of_data()
        self._opened = launch(self._model, self._data, self._mac, self._keys.put)
        self._handle = self._opened.handle
        with self._handle.lock():
            camera = self._handle.cam
            camera.type, camera.lookat[:] = mujoco.mjtCamera.mjCAMERA_FREE, WORKSPACE_CENTRE
            camera.azimuth, camera.elevation, camera.distance = self._view
            self._handle.opt.geomgroup[HIDDEN_GROUP] = 0
        left, right = ("\n".join(column) for column in zip(*texts, strict=True))
        self._handle.set_texts([(mujoco.mjtFontScale.mjFONTSCALE_100, mujoco.mjtGridPos.mjGRID_TOPLEFT, left, right)])
        self._handle.sync()

    def pressed(self) -> list[int] | None:
        """Keys since the last call, after waiting for one; None where the window was closed."""
        found: list[int] = []
        while not found:
            if not self._handle.is_running():
                return None
            with suppress(queue.Empty):
                while True:
                    found.append(self._keys.get_nowait())
            if not found:
                self._handle.sync()
                time.sleep(IDLE_S)
        return found

    @property
    def azimuth_deg(self) -> float:
        """In which direction the window looks, 0 is along x."""
        return float(self._handle.cam.azimuth)

    def play(self, knots: Sequence[Knot]) -> None:
        """Show the knots in real time."""
        for knot in knots:
            due = time.monotonic() + KNOT_S
            with self._handle.lock():
                self._data.qpos[:] = knot.qpos
                mujoco.mj_forward(self._model, self._data)
            self._handle.sync()
            time.sleep(max(0.0, due - time.monotonic()))

    def close(self) -> None:
        """The view is kept for the next scene."""
        if self._opened is not None:
            camera = self._handle.cam
            self._view = camera.azimuth, camera.elevation, camera.distance
            self._opened.close()
        self._opened = None
