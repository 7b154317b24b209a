"""How an episode goes: state and picture of one instant, an object that is moved once, a policy that sees everything late."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace

import mujoco
import numpy as np
import pytest

from para_bench.course import Disturbance, Rules
from para_bench.envs.env import TaskEnv
from para_bench.envs.scenes import expert_waypoints
from para_bench.envs.shifts import physics_hash
from para_bench.types import ParaBenchError, Scene

ONE_INSTANT = Rules(one_instant=True)


def driven(env: TaskEnv, scene: Scene, steps: int) -> None:
    env.start(scene)
    for action in expert_waypoints(scene)[:steps]:
        assert env.advance(action) == ""


@pytest.mark.parametrize(("rules", "lag"), [(Rules(), True), (ONE_INSTANT, False)], ids=["version 1", "version 2"])
def test_state_and_picture_are_of_the_joints(env: TaskEnv, scene: Scene, rules: Rules, lag: bool) -> None:
    """The first version's gripper pose lags by one physics step, and its records hold that."""
    driven(env, replace(scene, rules=rules), 4)
    fresh = mujoco.MjData(env.simulation.model)
    fresh.qpos[:] = env.simulation.data.qpos
    mujoco.mj_forward(env.simulation.model, fresh)
    seen = env.observe()
    away = np.linalg.norm(fresh.site("gripper").xpos - seen.gripper_pose[:3])
    assert (away > 5e-5) == lag
    assert away < (1e-3 if lag else 1e-12)
    if not lag:
        assert np.array_equal(env._drawn().rgb(fresh, env.steps), seen.image)
        assert np.array_equal(env.image(), seen.image)


def test_looking_changes_nothing(env: TaskEnv, scene: Scene) -> None:
    ends = []
    for look in (False, True):
        env.start(replace(scene, rules=ONE_INSTANT))
        for action in expert_waypoints(scene):
            if look:
                env.observe()
            env.advance(action)
        ends.append(env.simulation.data.qpos.copy())
    assert np.array_equal(*ends)


def test_the_object_is_moved_once_and_the_expert_follows(env: TaskEnv, scene: Scene) -> None:
    x, y = scene.layout.object.xy
    moved = replace(scene, disturbance=Disturbance(3, (x, y + 0.03), scene.layout.object.yaw + 0.3))
    driven(env, moved, 2)
    assert env.disturbed is None
    driven(env, moved, 3)
    assert env.disturbed is True
    assert env.simulation.object_pose[:2] == pytest.approx((x, y + 0.03), abs=1e-6)
    driven(env, moved, len(expert_waypoints(moved)))
    assert env.progress.success_once
    blind = replace(moved, disturbance=None)
    env.start(moved)
    for action in expert_waypoints(blind):
        env.advance(action)
    assert not env.progress.strict


def test_an_object_that_the_jaw_has_come_near_stays(env: TaskEnv, scene: Scene) -> None:
    x, y = scene.layout.object.xy
    held = replace(scene, disturbance=Disturbance(12, (x, y + 0.03), 0.0))
    env.start(held)
    for action in expert_waypoints(scene)[:12]:
        env.advance(action)
    assert env.progress.stage > 0
    assert env.disturbed is False


def test_an_object_is_never_moved_into_something(env: TaskEnv, scene: Scene) -> None:
    onto = replace(scene, disturbance=Disturbance(2, scene.layout.target_xy, 0.0))
    driven(env, replace(scene), 2)
    before = env.simulation.data.qpos.copy()
    driven_into = expert_waypoints(scene)[:2]
    env.start(onto)
    for action in driven_into:
        env.advance(action)
    assert env.disturbed is False
    assert np.array_equal(env.simulation.data.qpos, before)


def test_late_is_what_was_seen_so_many_waypoints_ago(env: TaskEnv, scene: Scene) -> None:
    now, late = replace(scene, rules=ONE_INSTANT), replace(scene, rules=ONE_INSTANT, late=2)
    seen = []
    env.start(now)
    for action in expert_waypoints(now)[:6]:
        seen.append(env.observe())
        env.advance(action)
    env.start(late)
    for step, action in enumerate(expert_waypoints(late)[:6]):
        found, wanted = env.observe(), seen[max(0, step - 2)]
        assert np.array_equal(found.image, wanted.image), step
        assert np.array_equal(found.gripper_pose, wanted.gripper_pose)
        env.advance(action)


def test_a_moment_keeps_what_happened(env: TaskEnv, scene: Scene) -> None:
    x, y = scene.layout.object.xy
    course = replace(scene, rules=Rules(True, True), disturbance=Disturbance(3, (x, y + 0.03), 0.0), late=2)
    env.start(course)
    env.advance(np.array([0.9, 0.0, 0.1, 0.0, 1.0]))
    for action in expert_waypoints(scene)[:3]:
        env.advance(action)
    state = env.get_state()
    image, counts = env.image(), (env.clamped_waypoints, env.disturbed)
    assert counts == (1, True)
    for other in (TaskEnv(image_size=64), pickle.loads(pickle.dumps(env))):
        other.set_state(state)
        assert np.array_equal(other.image(), image)
        assert (other.clamped_waypoints, other.disturbed) == counts
        other.close()


def test_what_happens_is_part_of_the_physics(scene: Scene) -> None:
    """References that do not look share rollouts of scenes whose physics is the same."""
    x, y = scene.layout.object.xy
    moved, clamped = replace(scene, disturbance=Disturbance(3, (x, y), 0.0)), replace(scene, rules=Rules(clamps=True))
    assert len({physics_hash(each) for each in (scene, moved, clamped)}) == 3
    assert physics_hash(replace(scene, late=2)) == physics_hash(scene)
    assert len({each.hash for each in (scene, moved, clamped, replace(scene, late=2))}) == 4


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda scene: Disturbance(0, (0.2, 0.0), 0.0), "disturbance step is 0; allowed: a finite number of at least 1"),
        (lambda scene: Disturbance(1, (float("nan"), 0.0), 0.0), r"disturbance xy .*a number is nan; allowed: a finite number"),
        (lambda scene: Disturbance(1, (0.2,), 0.0), r"disturbance xy is .*; allowed: 2 numbers"),  # type: ignore[arg-type]
        (lambda scene: Disturbance(1, (0.2, 0.0), float("inf")), "disturbance yaw is inf; allowed: a finite number"),
        (lambda scene: replace(scene, late=-3), "scene late is -3; allowed: a finite number of at least 0"),
    ],
)
def test_impossible_courses_are_refused_in_one_line(build: Callable[[Scene], object], message: str, scene: Scene) -> None:
    with pytest.raises(ParaBenchError, match=message):
        build(scene)
