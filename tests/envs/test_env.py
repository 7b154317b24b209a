"""The Gymnasium environment: its interface, what an action does, and what an episode leaves behind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import sample_scene
from para_bench.envs.scenes import expert_waypoints
from para_bench.types import ACTIONS, ParaBenchError, Scene

SMALLEST_MOVES = {"x": 0.03, "y": 0.03, "z": 0.03, "yaw": 0.5, "opening": -0.5}
"""From the pose below, within reach [m, rad, share]."""
POSE = np.array([0.18, 0.02, 0.05, 0.1, 1.0])
YAW = np.array([0, 0, 0, 1.0, 0])


def observed(env: TaskEnv) -> np.ndarray:
    """The robot's state in the order of an action."""
    simulation = env.simulation
    return np.array([*simulation.gripper_pose[:3], simulation.gripper_yaw, simulation.gripper_opening])


def hold(env: TaskEnv, action: np.ndarray, steps: int = 4) -> np.ndarray:
    """State after `steps` waypoints at one place: the servos have settled."""
    for _ in range(steps):
        assert env.advance(action) == ""
    return observed(env)


def run(env: TaskEnv, scene: Scene, actions: np.ndarray) -> np.ndarray:
    """Joint positions after every action, shape (steps, nq)."""
    env.start(scene)
    states = []
    for action in actions:
        assert env.advance(action) == ""
        states.append(env.simulation.data.qpos.copy())
    return np.array(states)


def test_observation_and_info_at_reset_and_at_every_step(env: TaskEnv, scene: Scene) -> None:
    observation, info = env.reset(seed=0, options={"scene": scene})
    assert env.scene is scene
    for action in [None, *expert_waypoints(scene)]:
        if action is not None:
            observation, reward, _, truncated, info = env.step(action)
            assert reward == float(info["is_success"])
            assert not truncated
        assert env.observation_space.contains(observation)
        assert isinstance(info["is_success"], bool)
        assert {"stage", "reason"} <= set(info)
        assert all(key.startswith("privileged/") for key, value in info.items() if isinstance(value, np.ndarray))
    assert info["is_success"]


def test_success_ends_the_episode(env: TaskEnv, scene: Scene) -> None:
    env.reset(options={"scene": scene})
    ended = [env.step(action)[2] for action in expert_waypoints(scene)]
    assert ended[-1]
    assert not any(ended[:10])


def test_an_endless_episode_is_cut_off(env: TaskEnv, scene: Scene) -> None:
    env.reset(options={"scene": scene})
    stay = np.array([*scene.home, 1.0])
    truncated = [env.step(stay)[3] for _ in range(env.task.max_steps)]
    assert truncated == [False] * (env.task.max_steps - 1) + [True]


@pytest.mark.parametrize("name", ACTIONS.names)
def test_every_action_dimension_moves_what_its_name_says(env: TaskEnv, scene: Scene, name: str) -> None:
    env.start(replace(scene, layout=scene.layout.placed((0.12, -0.15), (0.2, 0.15))))  # out of the way
    before, index = hold(env, POSE), ACTIONS.names.index(name)
    np.testing.assert_allclose(before, POSE, atol=0.01)  # 3 mm of servo lag and a hundredth of yaw and opening
    action = POSE.copy()
    action[index] += SMALLEST_MOVES[name]
    moved = hold(env, action) - before
    expected = np.zeros(5)
    expected[index] = SMALLEST_MOVES[name]
    np.testing.assert_allclose(moved[:3], expected[:3], atol=0.003)  # m; joint friction holds the servos off by so much
    np.testing.assert_allclose(moved[3:], expected[3:], atol=0.03)  # rad and share, likewise


def test_yaw_is_modulo_pi(env: TaskEnv, scene: Scene) -> None:
    a, b = (run(env, scene, np.tile(POSE + turn * YAW, (3, 1))) for turn in (0, np.pi))
    np.testing.assert_allclose(a, b, atol=1e-9)  # round-off of the wrapping


def test_actions_beyond_open_and_closed_are_open_and_closed(env: TaskEnv, scene: Scene) -> None:
    a, b = (run(env, scene, np.tile([*POSE[:4], opening], (3, 1))) for opening in (0.0, -3.0))
    np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    "action",
    [np.full(5, np.nan), np.array([0.2, 0, 0.05, np.inf, 1]), np.zeros(4), np.zeros((1, 5)), np.zeros(0)],
    ids=["nan", "inf", "four", "batch", "empty"],
)
def test_a_bad_action_ends_the_episode_with_its_reason(env: TaskEnv, scene: Scene, action: np.ndarray) -> None:
    env.reset(options={"scene": scene})
    before = env.simulation.data.qpos.copy()
    _, reward, terminated, _, info = env.step(action)
    assert (reward, terminated, info["reason"], info["is_success"]) == (0.0, True, "bad_action", False)
    np.testing.assert_array_equal(env.simulation.data.qpos, before)


@pytest.mark.parametrize("place", [(0.6, 0.0, 0.05), (0.0, 0.0, 0.05), (0.2, 0.0, 0.6)])
def test_an_unreachable_target_leaves_the_state_unchanged(env: TaskEnv, scene: Scene, place: tuple[float, float, float]) -> None:
    env.reset(options={"scene": scene})
    env.advance(POSE)
    data = env.simulation.data
    before = [data.qpos.copy(), data.qvel.copy(), data.ctrl.copy(), np.array(data.time)]
    _, _, terminated, _, info = env.step(np.array([*place, 0.0, 1.0]))
    assert (terminated, info["reason"]) == (True, "unreachable")
    for a, b in zip(before, [data.qpos, data.qvel, data.ctrl, np.array(data.time)], strict=True):
        np.testing.assert_array_equal(a, b)
    assert env.advance(POSE) == ""  # and the executor still knows where it is
    assert env.steps == 2


def test_a_seed_changes_the_scene_and_only_the_scene(env: TaskEnv) -> None:
    scenes, state = [], np.random.get_state()[1].copy()  # noqa: NPY002 (nothing may touch the global state)
    for seed in (0, 1, 0):
        env.reset(seed=seed)
        scenes.append(env.scene)
    assert scenes[0] == scenes[2] != scenes[1]
    for a, b in ((scenes[0].layout.object.xy, scenes[1].layout.object.xy), (scenes[0].layout.target_xy, scenes[1].layout.target_xy)):
        assert a != b
    same = replace(scenes[1], layout=scenes[0].layout)
    assert same == scenes[0]  # camera, room, light, home: all else
    assert replace(scenes[1].layout.object, xy=scenes[0].layout.object.xy, yaw=scenes[0].layout.object.yaw) == scenes[0].layout.object
    np.testing.assert_array_equal(state, np.random.get_state()[1])  # noqa: NPY002
    env.reset()
    assert env.scene not in scenes  # without a seed the stream goes on


def test_the_same_seed_gives_the_same_first_observation() -> None:
    first, second = TaskEnv(image_size=64), TaskEnv(image_size=64)
    a, b = first.reset(seed=3)[0], second.reset(seed=3)[0]
    for name in a:
        np.testing.assert_array_equal(a[name], b[name])  # one machine and one GL: bit-equal
    first.close()
    second.close()


def test_replaying_actions_gives_the_same_states(env: TaskEnv, scene: Scene) -> None:
    actions = expert_waypoints(scene)
    first = run(env, scene, actions)
    assert env.progress.success_once
    np.testing.assert_array_equal(run(env, scene, actions), first)
    assert env.progress.success_once


def test_a_success_leaves_no_trace_in_the_next_episode(env: TaskEnv, scenes: list[Scene]) -> None:
    fresh = TaskEnv(image_size=64)
    expected = run(fresh, scenes[1], expert_waypoints(scenes[1])[:12])
    run(env, scenes[0], expert_waypoints(scenes[0]))
    assert env.progress.success_once
    env.start(scenes[1])
    progress = env.progress
    assert (progress.success, progress.success_once, progress.success_at_s, progress.stage, env.steps) == (False, False, None, 0, 0)
    np.testing.assert_array_equal(run(env, scenes[1], expert_waypoints(scenes[1])[:12]), expected)


def test_looking_changes_nothing(env: TaskEnv, scene: Scene) -> None:
    actions = expert_waypoints(scene)[:14]
    expected = run(env, scene, actions)
    env.reset(options={"scene": scene})
    for action, state in zip(actions, expected, strict=True):
        env.step(action)
        np.testing.assert_array_equal(env.simulation.data.qpos, state)


def test_policies_are_told_the_calibration_that_the_scene_says(env: TaskEnv, scene: Scene) -> None:
    wrong = replace(scene.camera, fovy_deg=50.0)
    env.start(replace(scene, told_camera=wrong))
    assert env.observe().camera == wrong.resized(64)


def test_an_unreachable_home_is_told(env: TaskEnv, scene: Scene) -> None:
    with pytest.raises(ParaBenchError, match="out of the arm's reach"):
        env.start(replace(scene, home=(0.6, 0.0, 0.1, 0.0)))


def test_action_space_is_the_declared_workspace(env: TaskEnv) -> None:
    np.testing.assert_allclose(env.action_space.low[:3], ACTIONS.low, atol=1e-7)  # float32
    np.testing.assert_allclose(env.action_space.high[:3], ACTIONS.high, atol=1e-7)
    assert sample_scene(np.random.default_rng(0)).home[2] < ACTIONS.high[2]
