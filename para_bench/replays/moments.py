"""The moment of an episode at which a condition can be seen: the start, or where something happens during it."""

from __future__ import annotations

from para_bench.envs.env import TaskEnv
from para_bench.envs.scenes import expert_waypoints
from para_bench.types import Scene

LATE_AT = 6
"""Waypoints after which a late picture is shown: the expert's jaw has left its home and is over the object."""


def show(env: TaskEnv, scene: Scene) -> str:
    """Bring the environment to that moment, the expert acting; returns words for it, empty for the start."""
    env.start(scene)
    moves = scene.disturbance
    steps = moves.step if moves else LATE_AT if scene.late else 0
    for action in expert_waypoints(scene)[:steps]:
        env.advance(action)
    return f" after {steps} waypoints" if steps else ""
