"""Vector environments of Gymnasium: every slot is its single environment, bit for bit, however the processes start."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from fresh_process import run

SCRIPT = """
import sys
import gymnasium as gym
import numpy as np
from para_bench.envs.registration import env_id

NAME, SLOTS, STEPS = env_id("place", 0), 3, 3
ACTION = np.array([0.2, 0.02, 0.05, 0.1, 1.0], np.float32)


def single(seed):
    env = gym.make(NAME, image_size=48, depth=True)
    seen = [env.reset(seed=seed)[0], *(env.step(ACTION + 0.01 * step * np.eye(5, dtype=np.float32)[1])[0] for step in range(STEPS))]
    env.close()
    return seen


def all_slots(mode, **vector):
    env = gym.make_vec(NAME, num_envs=SLOTS, vectorization_mode=mode, image_size=48, depth=True, vector_kwargs=vector)
    seen = [env.reset(seed=5)[0]]
    for step in range(STEPS):
        seen.append(env.step(np.tile(ACTION + 0.01 * step * np.eye(5, dtype=np.float32)[1], (SLOTS, 1)))[0])
    env.close()
    return seen


if __name__ == "__main__":
    start, drawn = sys.argv[1] if len(sys.argv) > 1 else "{start}", {drawn}
    if drawn:
        single(0)
    slots = all_slots("sync") if start == "sync" else all_slots("async", context=start)
    for slot in range(SLOTS):
        for one, many in zip(single(5 + slot), slots, strict=True):
            assert all(np.array_equal(value, many[name][slot]) for name, value in one.items())
    assert not np.array_equal(slots[0]["pixels"][0], slots[0]["pixels"][1])
    print("equal")
"""
STARTS = ["sync", *multiprocessing.get_all_start_methods()]


@pytest.mark.integration
@pytest.mark.parametrize("start", STARTS)
def test_every_slot_is_its_single_environment(tmp_path: Path, start: str) -> None:
    code = SCRIPT.replace("{start}", start).replace("{drawn}", str(start != "fork"))
    ended = run(code, tmp_path)
    assert (ended.returncode, ended.stdout.splitlines()[-1:]) == (0, ["equal"]), ended.stdout[-2000:]


@pytest.mark.integration
@pytest.mark.skipif("fork" not in STARTS, reason="no fork here")
def test_a_fork_after_a_picture_is_refused_at_once_with_the_cure(tmp_path: Path) -> None:
    ended = run(SCRIPT.replace("{start}", "fork").replace("{drawn}", "True"), tmp_path, timeout_s=60)  # it hung for ever
    assert ended.returncode == 1
    assert "gym.make_vec(..., vector_kwargs={'context': 'forkserver'})" in ended.stdout.splitlines()[-1]
