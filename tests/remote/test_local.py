"""A policy in Python that imports nothing of ours: what it gets, and whose failure is whose."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from para_bench.envs.env import TaskEnv
from para_bench.remote.keys import find_keys
from para_bench.remote.local import LocalPolicy
from para_bench.remote.outside import Outside
from para_bench.rollouts.rollout import rollout
from para_bench.types import Observation, ParaBenchError, Scene

ENV = cast(Any, SimpleNamespace(task_description="pick the box", image_size=64))
CODE = """
import numpy as np
class Policy:
    {said}
    def reset(self, seed):
        self.seed = seed
    def __call__(self, look):
        self.look = look
        {body}
def make():
    return Policy()
"""
STAY = "return np.tile([*look['gripper_pose'][:3], look['gripper_yaw'][0], 1.0], (12, 1))"


def policy(folder: Path, body: str = STAY, said: str = "", replan_steps: int = 12, **changes: Any) -> LocalPolicy:
    (folder / "mine.py").write_text(CODE.format(body=body, said=said))
    return LocalPolicy(Outside("mine", "mine:make", changes.pop("version", "one"), **changes), replan_steps)


def test_it_gets_a_plain_dict_and_a_seed(import_folder: Path, look: Observation) -> None:
    found = policy(import_folder)
    found.begin(ENV, np.random.default_rng(0))
    chunk = found.act(look)
    np.testing.assert_allclose(chunk.actions[0], [*look.gripper_pose[:3], look.gripper_yaw, 1.0])
    inner = found._policy
    assert inner.seed == np.random.default_rng(0).integers(2**31)
    assert inner.look.keys() == {"image", "gripper_pose", "gripper_yaw", "gripper_opening", "prompt", "episode_seed", "look_index"}
    assert type(inner.look) is dict


@pytest.mark.parametrize(
    ("sees", "more"), [("RGB", set()), ("RGB + calibration", {"camera"}), ("RGB-D + calibration", {"camera", "depth"})]
)
def test_it_sees_what_it_says_and_nothing_else(sees: str, more: set[str], import_folder: Path, look: Observation) -> None:
    found = policy(import_folder, said=f"sees = {sees!r}")
    found.begin(ENV, np.random.default_rng(0))
    found.act(look)
    assert (found.sees, found.sees_depth) == (sees, "depth" in more)
    assert {"camera", "depth"} & set(found._policy.look) == more


def test_a_keys_file_says_otherwise(import_folder: Path, look: Observation) -> None:
    found = policy(import_folder, body="return np.zeros((12, 7))", keys=find_keys("libero").text)
    found.begin(ENV, np.random.default_rng(0))
    assert found.act(look).actions[0, 0] == pytest.approx(look.gripper_pose[0])
    assert "observation/state" in found._policy.look


def test_it_may_say_its_version_itself(import_folder: Path) -> None:
    assert policy(import_folder, said="policy_version = 'sha 17'", version="not stated, run 1").version == "sha 17"
    assert policy(import_folder, said="policy_version = 'sha 17'").version == "one"


@pytest.mark.parametrize(
    ("address", "text", "words"),
    [
        ("no_such:make", "", r"^policy 'no_such:make' cannot be imported: ModuleNotFoundError"),
        ("mine:make", "make = 3", r"^policy 'mine:make' is a int; allowed: a function without arguments"),
        ("mine:make", "def make(): 1 / 0", r"^policy 'mine:make': making it raised ZeroDivisionError: division by zero \(mine\.py:1\)"),
        ("mine:make", "def make(): return 3", r"^policy 'mine:make' makes a int; allowed: what is called with a look"),
        (
            "mine:make",
            "def make():\n f = lambda x: x\n f.sees = 'all'\n return f",
            "sees 'all'; allowed: RGB, ",
        ),
        ("mine:make", "def make(): raise SystemExit(3)", r"making it raised SystemExit: 3"),
    ],
)
def test_what_cannot_be_made_is_told_before_anything_runs(address: str, text: str, words: str, import_folder: Path) -> None:
    (import_folder / "mine.py").write_text(text)
    with pytest.raises(ParaBenchError, match=words):
        LocalPolicy(Outside("mine", address, "one"), 12)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise KeyError('lost')", "crash_KeyError"),
        ("raise SystemExit(0)", "crash_SystemExit"),
        ("return None", "crash_BadAnswerError"),
        ("return np.zeros((12, 3))", "crash_BadAnswerError"),
        ("return np.zeros((3, 5))", "crash_BadAnswerError"),
        ("return np.full((12, 5), np.nan)", "bad_action"),
    ],
)
def test_its_own_failures_are_its_episode_s(body: str, reason: str, import_folder: Path, env: TaskEnv, scene: Scene) -> None:
    assert rollout(env, scene, policy(import_folder, body), 0).reason == reason


def test_no_memory_is_the_machine_s(import_folder: Path, env: TaskEnv, scene: Scene) -> None:
    with pytest.raises(ParaBenchError, match="this machine failed"):
        rollout(env, scene, policy(import_folder, "raise MemoryError"), 0)
