"""One demonstration, recorded from waypoints that are given one after the other."""

from __future__ import annotations

import numpy as np

from para_bench.data.store import Demonstrations
from para_bench.demonstrations.collect import _WAYPOINT_KNOTS, _waypoint_after, frame_knots  # public names would change every fingerprint
from para_bench.demonstrations.rows import frame_row, stacked
from para_bench.envs.env import TaskEnv
from para_bench.sim.base import Knot
from para_bench.sim.executor import line
from para_bench.types import Scene


class Recording:
    """A running episode, recorded as the expert's are: one frame every `frame_s`, driven by the same executor."""

    def __init__(self, env: TaskEnv, scene: Scene, frame_s: float) -> None:
        """Starts the episode.

        Args:
            env: Used by this recording alone until it is done.
            scene: A fair one.
            frame_s: Time between two frames [s].

        Raises:
            ParaBenchError: a waypoint is no whole number of frames.
        """
        knots = frame_knots(frame_s)
        assert knots is not None, "frames have a time between them"
        env.start(scene)
        self._env, self._frame_knots = env, knots
        self._told, self._states = [np.array([*scene.home, 1.0])], [env.simulation.data.qpos.copy()]

    @property
    def command(self) -> np.ndarray:
        """The last commanded waypoint (5,)."""
        return self._told[-1].copy()

    def advance(self, action: np.ndarray) -> list[Knot]:
        """Drive to one waypoint (5,). Returns the knots on the way, none where the arm does not reach it."""
        if self._env.advance(action):
            return []
        end = self._env.get_state().command  # short of the waypoint where the arm reaches no farther
        self._told += list(line(self._told[-1], np.array([*end[:3], action[3], action[4]])))
        self._states += [knot.qpos for knot in self._env.knots]
        return self._env.knots

    @property
    def success(self) -> bool:
        return self._env.progress.success

    def demonstration(self) -> Demonstrations:
        """The whole recording as a store of one demonstration; the episode ends here.

        Pose, yaw and opening of the gripper are those of the stored joint positions, which the picture is drawn from.
        """
        rows = []
        for timestep, knot in enumerate(range(0, len(self._told) - 1, self._frame_knots)):
            self._env.simulation.set_qpos(self._states[knot])
            rows.append(frame_row(self._env, 0, timestep, _waypoint_after(self._told, knot)))
        return Demonstrations((self._env.scene,), stacked(rows), _WAYPOINT_KNOTS // self._frame_knots)
