"""One episode of one policy in one scene, and what is worth recording of it."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from para_bench.envs.pick_place import MAX_STEPS, PickPlace
from para_bench.envs.success import STAGES
from para_bench.policy import Policy
from para_bench.types import REPLAN_STEPS, ActionChunk, Observation, Outcome, ParaBenchError, Scene

REASONS = {"none": "missed_object", "reach": "not_grasped", "grasp": "not_lifted", "lift": "not_placed", "place": "undone"}
"""Stage reached -> reason code of an episode that ran to its end without success (`undone`: placed, then disturbed)."""


Watcher = Callable[[PickPlace, Observation | None, ActionChunk, int], None]
"""Called before every waypoint with the environment, the last look, the chunk and the index of the waypoint in it."""


def rollout(env: PickPlace, scene: Scene, policy: Policy, seed: int, watch: Watcher | None = None) -> Outcome:
    """Look, predict a chunk, execute its first REPLAN_STEPS waypoints, and so on until success, failure or MAX_STEPS."""
    started, reason, grasp_error, opening = time.monotonic(), "", None, 1.0
    env.start(scene)
    policy.begin(env, np.random.default_rng(seed))
    while env.steps < MAX_STEPS and not reason and not env.progress.success:
        observation = env.observe(policy.sees_depth) if policy.looks else None
        try:
            chunk = policy.act(observation)
        except (ParaBenchError, ArithmeticError, RuntimeError, ValueError) as error:
            reason = f"crash_{type(error).__name__}"
            break
        for index in range(REPLAN_STEPS):
            if watch is not None:
                watch(env, observation, chunk, index)
            action = chunk.actions[index]
            reason = env.advance(action)
            if reason:
                break
            if action[4] < 0.5 <= opening and grasp_error is None:
                grasp_error = float(np.linalg.norm(env.simulation.gripper_pose[:2] - np.asarray(scene.object.xy)))
            opening = action[4]
            if env.progress.success or env.steps >= MAX_STEPS:
                break
    progress, simulation = env.progress, env.simulation
    stage = STAGES[progress.stage]
    return Outcome(
        success_once=progress.success_once,
        success_at_end=progress.success,
        stage=stage,
        reason="success" if progress.success else reason or REASONS[stage],
        steps=env.steps,
        seconds=round(time.monotonic() - started, 4),
        sim_seconds=round(float(simulation.data.time), 4),
        grasp_error_m=None if grasp_error is None else round(grasp_error, 5),
        place_error_m=round(float(np.linalg.norm(simulation.object_pose[:2] - np.asarray(scene.target_xy))), 5),
        extra={"path_m": round(progress.path_m, 4)},
    )
