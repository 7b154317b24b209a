"""First contact: the kept look is the same everywhere, and a policy that cannot answer it is told before any episode."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from para_bench.geometry import project
from para_bench.remote.outside import Outside
from para_bench.rollouts.loading import outside_policy
from para_bench.rollouts.meeting import first_look, meet
from para_bench.types import ParaBenchError

STAY = "np.tile([*look['gripper_pose'][:3], look['gripper_yaw'][0], 1.0], (12, 1))"


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    """Nothing met before."""
    for cached in (meet, outside_policy):
        cached.cache_clear()
    yield
    for cached in (meet, outside_policy):
        cached.cache_clear()


def written(folder: Path, body: str, said: str = "") -> Outside:
    (folder / "mine.py").write_text(f"import numpy as np\ndef policy(look):\n    {body}\n{said}\ndef make():\n    return policy\n")
    return Outside("mine", "mine:make", "one")


def test_the_kept_look_is_of_one_scene_at_every_size() -> None:
    look = first_look(224)
    assert hashlib.sha256(look.image.tobytes()).hexdigest()[:16] == KEPT
    assert look.depth is not None
    assert look.depth.shape == look.image.shape[:2] == (224, 224)
    assert 0.5 < look.depth.min() < look.depth.max() < 10.1
    small = first_look(64)
    assert small.image.shape == (64, 64, 3)
    assert abs(small.image.mean() - look.image.mean()) < 1
    (u, v), depth = project(look.gripper_pose[:3], look.camera)
    assert 0 < u < 224
    assert 0 < v < 224
    assert depth > 0.3


KEPT = "3038825bd63e3a80"


def test_a_policy_is_met_once(import_folder: Path) -> None:
    outside = written(import_folder, f"return {STAY}", "policy.sees = 'RGB + calibration'")
    met = meet(outside, 64, 12)
    assert met is meet(outside, 64, 12)
    assert (met.sees, met.outside.version) == ("RGB + calibration", "one")
    assert "camera" in met.outside.keys
    assert len(met.answer) == 16


def test_a_policy_that_never_answers_the_same_has_no_answer(import_folder: Path) -> None:
    outside = written(import_folder, f"return {STAY} + np.random.default_rng().normal(size=5) * 0")
    assert meet(outside, 64, 12).answer
    outside = written(import_folder, f"return {STAY} + np.random.default_rng().normal(size=5)")
    anew_module()
    assert meet(outside, 64, 12).answer == ""


def anew_module() -> None:
    import sys

    del sys.modules["mine"]
    for cached in (meet, outside_policy):
        cached.cache_clear()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise KeyError('wrist')", r"^policy 'mine' has no answer to its first look: KeyError: 'wrist' \(mine\.py:3\); allowed: a chunk"),
        ("return np.zeros((12, 6))", r"BadAnswerError: actions of shape \(12, 6\); allowed: \(n, 5\), the columns x y z yaw opening"),
        ("return np.full((12, 5), np.nan)", "answers its first look with actions that are not finite"),
        ("return np.zeros((4, 5))", "a chunk of 4 actions; allowed: 12 or more, or --replan-steps 4"),
        ("raise MemoryError", "this machine failed"),
        ("exit()", "SystemExit"),
    ],
)
def test_what_has_no_answer_is_one_line(body: str, words: str, import_folder: Path) -> None:
    with pytest.raises(ParaBenchError, match=words) as told:
        meet(written(import_folder, body), 64, 12)
    assert "\n" not in str(told.value)


def test_what_it_does_to_the_process_is_put_back(import_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meet(written(import_folder, f"import os; os.chdir('/'); return {STAY}"), 64, 12)
    assert Path.cwd() == import_folder
    np.testing.assert_array_equal(first_look(64).image, first_look(64).image)
