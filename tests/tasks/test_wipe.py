"""Marks go down under the sponge alone, and success is theirs."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import sample_scene
from para_bench.envs.scenes import expert_waypoints
from para_bench.rollouts.rollout import rollout
from para_bench.tasks.wipe import BUMP_M, COUNT, DOWN, PRESS_M, WipeProgress
from para_bench.types import ACTIONS, ActionChunk, Scene


class Changed:
    """The expert's waypoints, changed by one function."""

    looks = sees_depth = False

    def __init__(self, change) -> None:
        self.change = change

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        self.env, self.actions = env, self.change(expert_waypoints(env.scene).copy())

    def act(self, observation) -> ActionChunk:
        return ActionChunk(self.actions[np.minimum(self.env.steps + np.arange(ACTIONS.horizon), len(self.actions) - 1)])


@pytest.fixture(scope="module")
def scene() -> Scene:
    return sample_scene(np.random.default_rng([8, 0]), task="wipe")  # any fair scene


def result(scene: Scene, change):
    env = TaskEnv(image_size=64)
    outcome = rollout(env, scene, Changed(change), 0)
    assert isinstance(env.progress, WipeProgress)
    return outcome, env


def raised(by: float):
    """The stroke `by` metres higher."""

    def change(actions: np.ndarray) -> np.ndarray:
        low = (actions[:, 4] < 0.5) & (np.arange(len(actions)) > 14) & (actions[:, 2] < 0.03)
        actions[low, 2] += by
        return actions

    return change


@pytest.mark.integration
def test_the_expert_wipes_all_marks(scene: Scene) -> None:
    outcome, env = result(scene, lambda actions: actions)
    assert outcome.reason == "success"
    assert env.progress.strict
    assert env.progress.wiped == COUNT
    assert outcome.extra["wiped_share"] == 1
    assert (env.simulation.data.qpos[-COUNT:] < -DOWN * BUMP_M).all()


@pytest.mark.integration
def test_a_stroke_in_the_air_wipes_nothing(scene: Scene) -> None:
    outcome, env = result(scene, raised(PRESS_M + 0.004))
    assert outcome.reason == "no_contact"
    assert env.progress.wiped == 0
    assert np.abs(env.simulation.data.qpos[-COUNT:]).max() < 1e-5  # friction holds every button all along


@pytest.mark.integration
def test_a_stroke_beside_the_marks_misses_a_row(scene: Scene) -> None:
    yaw = scene.layout.target_yaw

    def aside(actions: np.ndarray) -> np.ndarray:
        actions[14:, :2] += 0.028 * np.array([-np.sin(yaw), np.cos(yaw)])
        return actions

    outcome, env = result(scene, aside)
    assert outcome.reason in ("missed", "unreachable")
    assert 0 < env.progress.wiped < COUNT


@pytest.mark.integration
def test_a_sponge_left_on_the_mat_is_no_success(scene: Scene) -> None:
    def let_go(actions: np.ndarray) -> np.ndarray:
        actions[-4:, 4] = 1
        return actions

    outcome, env = result(scene, let_go)
    assert env.progress.wiped == COUNT
    assert outcome.reason == "dropped"


@pytest.mark.integration
def test_fingers_alone_wipe_nothing(scene: Scene) -> None:
    env = TaskEnv(image_size=64)
    env.start(scene)
    for dx in np.linspace(-0.03, 0.03, 7):
        env.advance(np.array([*np.add(scene.layout.target_xy, [dx, 0.0]), 0.011, 0.0, 0.0]))
    assert isinstance(env.progress, WipeProgress)
    assert env.progress.wiped == 0
