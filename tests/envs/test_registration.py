"""Ids of Gymnasium: one a task, with its time limit, and what Gymnasium's own checks and wrappers ask of them."""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from fresh_process import run
from gymnasium.utils.env_checker import check_env

from para_bench.benchmarks.scenes import test_scene as scene_at
from para_bench.benchmarks.splits import find_split
from para_bench.benchmarks.versions import CURRENT
from para_bench.envs.registration import ARGUMENTS, ENTRY_POINT, ENV_ID, TaskSpec, env_id
from para_bench.plugins import Plugin
from para_bench.tasks import TASKS
from para_bench.types import ParaBenchError

IDS = [ENV_ID, *(env_id(task, version) for task in TASKS for version in ARGUMENTS)]


@pytest.mark.parametrize("name", IDS)
def test_the_time_limit_is_the_tasks(name: str) -> None:
    spec = gym.spec(name)
    task = TASKS[spec.kwargs["task"]]
    assert (name == ENV_ID and task.name == "place") or name in [env_id(task.name, version) for version in ARGUMENTS]
    env = gym.make(name, image_size=16)
    assert env.unwrapped.task is task
    assert env.spec.max_episode_steps == spec.max_episode_steps == task.max_steps
    vector = gym.make_vec(name, num_envs=2, vectorization_mode="sync", image_size=16)
    assert vector.call("_max_episode_steps") == (task.max_steps,) * 2
    assert vector.call("task_description") == (task.about,) * 2


def test_time_aware_observation() -> None:
    env = gym.wrappers.TimeAwareObservation(gym.make(ENV_ID, image_size=16), flatten=False, normalize_time=False)
    observation, _ = env.reset(seed=0)
    after, *_ = env.step(np.array([0.18, 0, 0.1, 0, 1], np.float32))
    assert [seen["time"].item() for seen in (observation, after)] == [0, 1]
    assert env.observation_space.contains(observation)
    env.close()


def test_the_last_id_of_a_task_is_the_current_suite_and_all_of_it() -> None:
    env = gym.make(env_id("place"), image_size=16)
    env.reset(seed=3)
    assert env.unwrapped.split.suite_version == CURRENT
    assert env.unwrapped.scene == scene_at(find_split("id", version=CURRENT), env.unwrapped.condition, 3)
    env.close()


@pytest.mark.parametrize("arguments", [{}, {"depth": True}, {"image_size": (24, 32)}, {"split": "novel_view", "level": 25}], ids=str)
def test_gymnasiums_checker_has_one_thing_to_say(arguments: dict) -> None:
    env = gym.make(env_id("place", 0), **({"image_size": 32} | arguments))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        check_env(env.unwrapped)
    env.close()
    # Its advice to scale actions: ours are metres and radians, as in every record. `gym.wrappers.RescaleAction` is for who learns by trial.
    assert [str(each.message) for each in said if "symmetric and normalized" not in str(each.message)] == []


def test_bounds_are_finite_and_hold(env, scene_of, shift_name: str) -> None:
    for space in (*env.observation_space.values(), env.action_space):
        assert np.isfinite(space.low).all()
        assert np.isfinite(space.high).all()
    observation, info = env.reset(options={"scene": scene_of(shift_name, 0)})
    assert env.observation_space.contains(observation)
    assert info["task_description"] == env.task_description


@pytest.mark.integration
def test_gymnasium_alone_makes_it(tmp_path: Path) -> None:
    code = "import gymnasium\nprint(gymnasium.make('para_bench.envs:para_bench/place-v0', image_size=16).reset(seed=0)[0]['pixels'].shape)"
    assert run(code, tmp_path).stdout.split("\n")[-2] == "(16, 16, 3)"


def test_a_plugins_task_is_imported_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class Other(type(TASKS["place"])):
        name, max_steps = "other", 7

    loads = []
    monkeypatch.setattr(Plugin, "load", lambda self: loads.append(self.name) or Other())
    monkeypatch.setitem(TASKS.__dict__, "plugins", {"other": Plugin("task", "other", "nowhere:Other")})
    monkeypatch.setitem(gym.registry, env_id("other"), TaskSpec(env_id("other"), ENTRY_POINT, kwargs={"task": "other"}))
    copied = pickle.loads(pickle.dumps(gym.spec(env_id("other"))))
    assert loads == []
    assert copied.max_episode_steps == 7
    assert '"max_episode_steps": 7' in copied.to_json()
    monkeypatch.setitem(TASKS.__dict__, "_loaded", {})
    env = gym.make(env_id("other"), image_size=16)
    assert (env.spec.max_episode_steps, env.unwrapped.task.name, loads) == (7, "other", ["other", "other"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"render_mode": "ansi"}, "render_mode is 'ansi'; allowed: rgb_array, depth_array, human, None"),
        ({"task": "dance"}, "task 'dance' is unknown; allowed: place"),
        ({"image_size": (480, 8)}, "image size is .480, 8. px; allowed: 16 to 4096, one side or .height, width."),
        ({"image_size": "large"}, "image size is large px"),
        ({"split": "nowhere"}, "split 'nowhere' is unknown; allowed: id, "),
        ({"level": 15}, "level 15; allowed for an environment made with split=NAME"),
        ({"split": "novel_view", "image_size": (32, 24)}, "allowed with a split: at least as wide as high"),
    ],
    ids=lambda value: str(value)[:30],
)
@pytest.mark.filterwarnings("ignore::UserWarning:gymnasium")  # it warns of the mode first
def test_arguments_that_there_are_not_are_refused(arguments: dict, words: str) -> None:
    with pytest.raises(ParaBenchError, match=words):
        gym.make(env_id("place", 0), **arguments)


def test_a_window_without_a_display_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ParaBenchError, match="render_mode is 'human', but DISPLAY is not set; allowed: a display"):
        gym.make(env_id("place", 0), render_mode="human")
