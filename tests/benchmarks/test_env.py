"""Scenes of a split by their index, for a policy that is no head of ours."""

from __future__ import annotations

import copy
import pickle

import gymnasium as gym
import numpy as np
import pytest

from para_bench.benchmarks.env import UNUSED, SplitEnv, find_condition
from para_bench.benchmarks.profiles import PROFILES
from para_bench.benchmarks.scenes import test_scene as scene_at
from para_bench.benchmarks.splits import SPLITS
from para_bench.envs.registration import env_id
from para_bench.types import ParaBenchError, Scene, to_dict

SPLIT = SPLITS["novel_view"]


@pytest.fixture
def walk():
    env = gym.make(env_id("place", 0), split="novel_view", level=15, image_size=32)
    yield env
    env.close()


def test_a_split_is_walked_in_ten_lines() -> None:
    env = gym.make("para_bench/place-v0", split="novel_view", image_size=32)
    found = []
    for level in ("0", 15):
        for index in range(2):
            observation, info = env.reset(options={"scene_index": index, "level": level})
            done = False
            while not done:
                observation, _, terminated, truncated, info = env.step(observation["agent_pos"][[0, 1, 2, 7, 8]].astype(np.float32))
                done = terminated or truncated
            found.append((env.unwrapped.scene.hash, info["is_success"]))
    env.close()
    conditions = [SPLIT.condition("id", "0"), SPLIT.condition("view_angle", "15")]
    assert found == [(scene_at(SPLIT, condition, index).hash, False) for condition in conditions for index in range(2)]


def test_the_index_is_the_options_else_the_seed_else_none_that_a_table_has(walk: gym.Env) -> None:
    expected = scene_at(SPLIT, SPLIT.condition("view_angle", "15"), 7)
    for arguments in ({"options": {"scene_index": 7}}, {"seed": 7}, {"seed": 3, "options": {"scene_index": np.int64(7)}}):
        _, info = walk.reset(**arguments)
        assert walk.unwrapped.scene == expected
        named = {"split": "novel_view", "condition": "view_angle", "level": "15", "scene_index": 7}
        assert {name: info[name] for name in named} == named
    free = [walk.reset()[1]["scene_index"] for _ in range(3)]
    assert len(set(free)) == 3
    assert min(free) >= UNUSED > max(profile.episodes for profile in PROFILES.values())


def test_reset_may_name_another_condition(walk: gym.Env) -> None:
    for options in ({"condition": "id"}, {"condition": "id/0"}, {"level": 0}, {"condition": "id", "level": "0"}):
        _, info = walk.reset(seed=1, options=options)
        assert (info["condition"], info["level"]) == ("id", "0")
    assert walk.reset(seed=1)[1]["level"] == "15"  # for that episode alone


def test_a_scene_may_be_given_as_it_is_and_as_a_dict(walk: gym.Env, scenes: list[Scene]) -> None:
    for given in (scenes[3], to_dict(scenes[3])):
        observation, info = walk.reset(options={"scene": given})
        assert walk.unwrapped.scene == scenes[3]
        assert "scene_index" not in info
    plain = gym.make(env_id("place", 0), image_size=32)
    np.testing.assert_array_equal(plain.reset(options={"scene": to_dict(scenes[3])})[0]["pixels"], observation["pixels"])
    plain.close()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"split": "novel_view"}, "reset has option 'split'; allowed: scene, scene_index, condition, level"),
        ({"scene_index": -1}, r"scene_index is -1; allowed: 0, 1, 2, \.\.\."),
        ({"scene_index": 1.5}, "scene_index is 1.5"),
        ({"scene_index": True}, "scene_index is True"),
        ({"condition": "weather"}, "split novel_view has no conditions of condition 'weather'; allowed: id/0, view_angle/"),
        ({"condition": "view_angle"}, "split novel_view has . conditions of condition 'view_angle'; allowed: view_angle/"),
        ({"level": 16}, "has no conditions of level 16; allowed: id/0"),
        ({"scene": {"layout": 1}}, "a scene has fields layout; allowed: "),
        ({"scene": [1]}, "a scene is a list; allowed: "),
        ({"scene": "x", "scene_index": 1}, "reset has options scene, scene_index; allowed: a scene, or the index and condition of one"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_options_that_there_are_not_are_refused(walk: gym.Env, options: dict, words: str) -> None:
    with pytest.raises(ParaBenchError, match=words) as told:
        walk.reset(seed=0, options=options)
    assert len(str(told.value).splitlines()) == 1


@pytest.mark.parametrize("options", [{"scene_index": 1}, {"condition": "id"}])
def test_an_index_without_a_split_is_refused(options: dict) -> None:
    with pytest.raises(ParaBenchError, match="allowed for an environment made with split=NAME"):
        gym.make(env_id("place", 0), image_size=16).reset(seed=0, options=options)


@pytest.mark.parametrize("name", SPLITS)
def test_every_condition_is_found_by_its_name(name: str) -> None:
    split = SPLITS[name]
    assert find_condition(split) is split.all_conditions[0]
    for condition in split.all_conditions:
        assert find_condition(split, f"{condition.factor}/{condition.level}") is condition
        assert find_condition(split, condition.factor, condition.level) is condition


def test_copies_and_pickles_know_their_split(walk: gym.Env) -> None:
    walk.reset(seed=2)
    for other in (copy.deepcopy(walk), pickle.loads(pickle.dumps(walk))):
        assert isinstance(other.unwrapped, SplitEnv)
        assert other.unwrapped.scene == walk.unwrapped.scene
        assert other.reset(seed=3)[1]["level"] == "15"
        other.close()


def test_a_suite_version_without_a_split_is_refused() -> None:
    """It would change nothing: scenes in distribution are drawn as in the first version."""
    with pytest.raises(ParaBenchError, match=r"suite_version is 2 without a split; allowed: with split=NAME"):
        SplitEnv(suite_version=2)
