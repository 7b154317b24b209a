"""The simulated arm, its scenes, shifts and expert; the one place that imports mujoco and gymnasium."""

from __future__ import annotations

import gymnasium as gym

from para_bench.envs import gl as gl

ENV_ID = "para_bench/PickPlace-v0"


def register_envs() -> None:
    """Called by Gymnasium through its `gymnasium.envs` entry point, so that `gym.make(ENV_ID)` needs no import of ours."""
    if ENV_ID not in gym.registry:
        gym.register(id=ENV_ID, entry_point="para_bench.envs.pick_place:PickPlace")
