"""Pickles, copies and states in mid-episode: what follows is the same, bit for bit."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from fresh_process import run

from para_bench.envs.env import TaskEnv
from para_bench.envs.registration import env_id
from para_bench.envs.scenes import expert_waypoints
from para_bench.types import Scene

MIDDLE = 9
"""Waypoints of the expert after which the jaw has closed on the object: contacts, friction and a half-finished progress."""


def follow(env: gym.Env, actions: np.ndarray) -> list:
    """All that the rest of the episode gives, the first observation of the next one included."""
    return [env.unwrapped.observe().image, *(env.step(action) for action in actions), env.reset()]


def assert_equal(a, b) -> None:
    """Bit for bit, through tuples, lists and dicts."""
    assert type(a) is type(b)
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        a, b = list(a.values()), list(b.values())
    if isinstance(a, list | tuple):
        for one, other in zip(a, b, strict=True):
            assert_equal(one, other)
    elif isinstance(a, np.ndarray):
        np.testing.assert_array_equal(a, b)
    else:
        assert a == b


@pytest.fixture
def begun(scene: Scene):
    """An episode in its middle, and the rest of the expert's waypoints."""
    env = gym.make(env_id("place", 0), image_size=48, depth=True)
    env.reset(seed=4, options={"scene": scene})
    actions = expert_waypoints(scene).astype(np.float32)
    for action in actions[:MIDDLE]:
        env.step(action)
    yield env, actions[MIDDLE:]
    env.close()


def test_a_copy_and_a_pickle_go_on_as_the_first(begun) -> None:
    env, rest = begun
    copies = [copy.deepcopy(env), pickle.loads(pickle.dumps(env)), pickle.loads(pickle.dumps(copy.deepcopy(env)))]
    expected = follow(env, rest)
    assert expected[-2][4]["is_success"]
    for other in copies:
        assert other.unwrapped.task is env.unwrapped.task
        assert other.spec == env.spec
        assert_equal(follow(other, rest), expected)
        other.close()


def test_back_to_a_state_as_often_as_one_likes(begun, scenes: list[Scene]) -> None:
    env, rest = begun
    state = env.unwrapped.get_state()
    expected = follow(env, rest)  # ends in another scene
    env.unwrapped.set_state(state)
    assert_equal(follow(env, rest), expected)
    env.reset(options={"scene": scenes[1]})
    env.step(rest[0])
    env.unwrapped.set_state(pickle.loads(pickle.dumps(state)))
    assert env.unwrapped.steps == MIDDLE
    assert_equal(follow(env, rest), expected)


def test_back_to_a_state_of_the_same_scene_keeps_what_is_compiled(begun) -> None:
    env, rest = begun
    inner = env.unwrapped
    state, simulation = inner.get_state(), inner.simulation
    one = [inner.advance(action) for action in rest[:4]], inner.image(), inner.simulation.data.qvel.copy()
    inner.set_state(state)
    assert inner.simulation is simulation
    assert_equal(([inner.advance(action) for action in rest[:4]], inner.image(), inner.simulation.data.qvel.copy()), one)


def test_a_state_is_a_copy(begun) -> None:
    env, rest = begun
    inner = env.unwrapped
    state = inner.get_state()
    kept = pickle.dumps((state.steps, state.progress, state.command, np.array(state.physics.qpos), state.rng))
    for action in rest[:5]:
        inner.advance(action)
    assert pickle.dumps((state.steps, state.progress, state.command, np.array(state.physics.qpos), state.rng)) == kept


def test_before_the_first_reset() -> None:
    env = pickle.loads(pickle.dumps(TaskEnv(image_size=(16, 32))))
    assert env.reset(seed=0)[0]["pixels"].shape == (16, 32, 3)
    env.close()


@pytest.mark.integration
def test_a_pickle_goes_on_in_another_process(begun, tmp_path: Path) -> None:
    env, rest = begun
    (tmp_path / "env.pickle").write_bytes(pickle.dumps((env, rest[:6])))
    code = """
import pickle, sys
with open(sys.argv[0].replace("script.py", "env.pickle"), "rb") as file:
    env, rest = pickle.load(file)
seen = [env.step(action)[0] for action in rest]
with open(sys.argv[0].replace("script.py", "seen.pickle"), "wb") as file:
    pickle.dump(seen, file)
"""
    ended = run(code, tmp_path)
    assert ended.returncode == 0, ended.stdout
    assert_equal(pickle.loads((tmp_path / "seen.pickle").read_bytes()), [env.step(action)[0] for action in rest[:6]])
