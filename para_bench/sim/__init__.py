"""The simulator: what is the same for all tasks and arms."""

from para_bench.sim import gl as gl  # before mujoco
