"""Play: the arm reaches and pushes at random in the training room. Videos without a task; nothing but their images is used."""

from __future__ import annotations

import zlib

import numpy as np

from para_bench.bars import Bar
from para_bench.data.store import Demonstrations
from para_bench.demonstrations.rows import frame_row, stacked
from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import Region, sample_scene

LENGTH = 20
"""Waypoints an episode, about as many as a demonstration has."""
AT_OBJECT = 0.6
"""Share of waypoints near where the object is, low enough to push it or to close around it."""
NEAR_M = 0.06
"""Their largest distance from it, along x and along y [m]."""


def play(count: int, seed: int = 0, progress: bool = False) -> Demonstrations:
    """`count` episodes, in the format of demonstrations; scenes are apart from those of training and tests."""
    env, rows, scenes = TaskEnv(), [], []
    for episode in Bar(range(count), desc="play", disable=not progress):
        rng = np.random.default_rng([zlib.crc32(b"play"), seed, episode])
        scenes.append(sample_scene(rng))
        env.start(scenes[-1])
        for timestep in range(LENGTH):
            before = frame_row(env, episode, timestep, np.zeros(5))
            rows.append({**before, "actions": _somewhere(env, rng)})
    return Demonstrations(tuple(scenes), stacked(rows))


def _somewhere(env: TaskEnv, rng: np.random.Generator) -> np.ndarray:
    """Drive to a random waypoint within reach, and return it. One out of reach moves nothing and is drawn again. Shape (5,)."""
    region, here = Region(), env.simulation.object_pose[:2]
    while True:
        if rng.uniform() < AT_OBJECT:
            place = [*(here + rng.uniform(-NEAR_M, NEAR_M, 2)), rng.uniform(0.016, 0.05)]
        else:
            place = [*rng.uniform(region.low, region.high), rng.uniform(0.03, 0.12)]
        action = np.array([*place, rng.uniform(-np.pi / 2, np.pi / 2), float(rng.uniform() < 0.5)])
        if not env.advance(action):
            return action
