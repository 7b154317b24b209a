"""One episode of one policy in one scene, and its outcome for the record."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from para_bench.envs.env import TaskEnv
from para_bench.records import Outcome
from para_bench.rollouts.fence import FAILURES, chunk_problem, crash_reason, same_process
from para_bench.rollouts.policy import Policy
from para_bench.types import ACTIONS, REPLAN_STEPS, ActionChunk, Observation, ParaBenchError, Scene

Watcher = Callable[[TaskEnv, Observation | None, ActionChunk, int], None]
"""Called before every waypoint with the environment, the last look, the chunk and the index of the waypoint in it."""


def rollout(
    env: TaskEnv, scene: Scene, policy: Policy, seed: int, watch: Watcher | None = None, replan_steps: int = REPLAN_STEPS
) -> Outcome:
    """Look, predict a chunk, execute its first `replan_steps` waypoints, and so on until success, failure or the task's limit.

    Raises:
        ParaBenchError: the machine failed while the policy was asked; any other failure of a policy becomes a reason of the outcome.
    """
    if not 1 <= replan_steps <= ACTIONS.horizon:
        raise ParaBenchError(f"replan_steps is {replan_steps}; allowed: 1 to {ACTIONS.horizon}")
    started = time.monotonic()
    env.start(scene)
    reason = _begin(policy, env, seed)
    diagnosis = env.task.diagnose(env, policy.looks)
    while env.steps < env.task.max_steps and not reason and not env.progress.success:
        observation = env.observe(policy.sees_depth) if policy.looks else None
        chunk = _act(policy, observation)
        if isinstance(chunk, str):
            reason = chunk
            break
        for index in range(replan_steps):
            if watch is not None:
                watch(env, observation, chunk, index)
            action = chunk.actions[index]
            diagnosis.before(action)
            reason = env.advance(action)
            if reason:
                break
            diagnosis.after(action)
            if env.progress.success or env.steps >= env.task.max_steps:
                break
    progress, simulation = env.progress, env.simulation
    grasp_error = diagnosis.grasp_error_m
    return Outcome(
        success_once=bool(progress.success_once),  # a task's own rule may say numpy's True
        success_at_end=bool(progress.success),
        stage=env.task.stages[progress.stage],
        reason="success" if progress.success else reason or diagnosis.reason,
        steps=env.steps,
        seconds=round(time.monotonic() - started, 4),
        sim_seconds=round(float(simulation.data.time), 4),
        grasp_error_m=None if grasp_error is None else round(grasp_error, 5),
        place_error_m=round(diagnosis.place_error_m, 5),
        extra=dict(diagnosis.measures) | ({} if scene.disturbance is None else {"disturbed": float(bool(env.disturbed))}),
        strict_success=bool(progress.strict),
        clamped_waypoints=env.clamped_waypoints,
    )


def _begin(policy: Policy, env: TaskEnv, seed: int) -> str:
    """Reason why the policy could not begin; empty where it has begun."""
    try:
        with same_process():
            policy.begin(env, np.random.default_rng(seed))
    except KeyboardInterrupt:
        raise
    except FAILURES as error:
        return crash_reason(error)
    return ""


def _act(policy: Policy, observation: Observation | None) -> ActionChunk | str:
    """The chunk, or the reason why there is none that can be executed."""
    try:
        with same_process():
            chunk = policy.act(observation)
        problem = chunk_problem(chunk)
    except KeyboardInterrupt:
        raise
    except FAILURES as error:
        return crash_reason(error)
    return problem or chunk
