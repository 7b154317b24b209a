"""Collecting demonstrations with the expert."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from para_bench.bars import Bar
from para_bench.data.store import Demonstrations
from para_bench.demonstrations.rows import frame_row, stacked
from para_bench.envs.env import TaskEnv
from para_bench.geometry import wrap_yaw
from para_bench.sim.executor import KNOT_S, WAYPOINT_S, line
from para_bench.types import ParaBenchError, Scene

_WAYPOINT_KNOTS = round(WAYPOINT_S / KNOT_S)


def collect(scenes: Sequence[Scene], progress: bool = False, frame_s: float | None = None) -> Demonstrations:
    """Run the expert through the executor that runs policies, one demonstration a scene.

    Args:
        scenes: Fair scenes.
        progress: Show a bar.
        frame_s: Time between two frames [s]; None: one at each waypoint, however long it takes.

    Raises:
        ParaBenchError: the expert failed in a scene; a training set is never thinned silently.
    """
    env, rows, knots = TaskEnv(), [], frame_knots(frame_s)
    for index, scene in enumerate(Bar(scenes, desc="demonstrations", disable=not progress)):
        env.start(scene)
        rows += _waypoint_rows(env, index) if knots is None else _dense_rows(env, index, knots)
        if not env.progress.success_once:
            ended = env.task.stages[env.progress.stage]
            raise ParaBenchError(f"the expert failed in scene {scene.hash}: it ends at stage {ended!r}; allowed: success of {scene.task}")
    return Demonstrations(tuple(scenes), stacked(rows), 1 if knots is None else _WAYPOINT_KNOTS // knots)


def frame_knots(frame_s: float | None) -> int | None:
    """Knots of the executor between two frames.

    Raises:
        ParaBenchError: a waypoint is no whole number of frames.
    """
    if frame_s is None:
        return None
    knots = round(frame_s / KNOT_S)
    if not knots or abs(knots * KNOT_S - frame_s) > 1e-9 or _WAYPOINT_KNOTS % knots:
        allowed = ", ".join(f"{KNOT_S * n:g}" for n in range(1, _WAYPOINT_KNOTS + 1) if _WAYPOINT_KNOTS % n == 0)
        raise ParaBenchError(f"time between frames is {frame_s} s; allowed: {allowed}")
    return knots


def _waypoint_rows(env: TaskEnv, episode: int) -> list[dict[str, Any]]:
    rows = []
    for timestep, action in enumerate(env.task.waypoints(env.scene, env.robot)):
        rows.append(frame_row(env, episode, timestep, action))
        _carry_out(env, action)
    return rows


def _dense_rows(env: TaskEnv, episode: int, frame_knots: int) -> list[dict[str, Any]]:
    """The action of a frame is where the gripper is commanded to be WAYPOINT_S later, on the lines that the executor drives.

    Pose, yaw and opening of the gripper are those of the stored joint positions, which the picture is drawn from.
    """
    told, states = [np.array([*env.scene.home, 1.0])], [env.simulation.data.qpos.copy()]
    for action in env.task.waypoints(env.scene, env.robot):
        told += list(line(told[-1], action))
        _carry_out(env, action)
        states += [knot.qpos for knot in env.knots]
    rows = []
    for timestep, knot in enumerate(range(0, len(told) - 1, frame_knots)):
        env.simulation.set_qpos(states[knot])
        rows.append(frame_row(env, episode, timestep, _waypoint_after(told, knot)))
    return rows


def _waypoint_after(told: list[np.ndarray], knot: int) -> np.ndarray:
    """The waypoint (5,) to predict at this knot: the command WAYPOINT_S later, with the opening that holds longer within this time."""
    end, middle = (min(knot + ahead, len(told) - 1) for ahead in (_WAYPOINT_KNOTS, _WAYPOINT_KNOTS // 2))
    return np.array([*told[end][:3], float(wrap_yaw(told[end][3])), told[middle][4]])


def _carry_out(env: TaskEnv, action: np.ndarray) -> None:
    if reason := env.advance(action):
        raise ParaBenchError(f"the expert stopped in scene {env.scene.hash}: {reason}; allowed: a scene that is fair")
