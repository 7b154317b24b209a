"""The simulated arm, its scenes, shifts and expert; the one place that imports mujoco and gymnasium."""

from __future__ import annotations

import gymnasium as gym

from para_bench.sim import gl as gl

ENV_ID = "para_bench/PickPlace-v0"


if ENV_ID not in gym.registry:  # `import para_bench.envs` is enough for gym.make(ENV_ID)
    gym.register(id=ENV_ID, entry_point="para_bench.envs.env:TaskEnv")
