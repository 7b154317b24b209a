"""What a gallery shows: the start of an episode, or the moment at which something happens in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.course import Disturbance
from para_bench.envs.env import TaskEnv
from para_bench.replays.moments import LATE_AT, show
from para_bench.types import Scene


def test_a_scene_is_shown_where_its_condition_is_seen(env: TaskEnv, scene: Scene) -> None:
    assert show(env, scene) == ""
    start = env.image()
    x, y = scene.layout.object.xy
    moved = replace(scene, disturbance=Disturbance(3, (x, y + 0.02), scene.layout.object.yaw))
    assert show(env, moved) == " after 3 waypoints"
    assert env.disturbed
    assert np.allclose(env.simulation.object_pose[:2], (x, y + 0.02), atol=1e-3)
    assert show(env, replace(scene, late=LATE_AT)) == f" after {LATE_AT} waypoints"
    assert np.array_equal(env.image(), start)  # so many waypoints ago
