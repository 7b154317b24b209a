"""Pictures from any thread, after threads have ended, and one clear line in a forked process."""

from __future__ import annotations

import gc
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from fresh_process import run

from para_bench.envs.env import TaskEnv
from para_bench.types import Scene


def draw(scene: Scene, size: int = 48) -> np.ndarray:
    env = TaskEnv(image_size=size)
    env.start(scene)
    image = env.image()
    env.close()
    return image


def test_started_drawn_stepped_and_closed_in_four_threads(scenes: list[Scene]) -> None:
    expected, other = draw(scenes[0]), draw(scenes[1])
    threads = [ThreadPoolExecutor(1) for _ in range(4)]
    env = TaskEnv(image_size=48, depth=True)
    first = threads[0].submit(env.reset, options={"scene": scenes[0]}).result()[0]
    np.testing.assert_array_equal(first["pixels"], expected)
    np.testing.assert_array_equal(threads[1].submit(env.image).result(), expected)
    np.testing.assert_array_equal(threads[2].submit(env.depth).result(), first["depth"])
    threads[0].shutdown()  # the thread that opened the context ends
    np.testing.assert_array_equal(threads[1].submit(env.image).result(), expected)
    threads[3].submit(env.close).result()
    threads[2].submit(env.start, scenes[1]).result()
    np.testing.assert_array_equal(env.image(), other)
    for thread in threads[1:]:
        thread.shutdown()
    np.testing.assert_array_equal(env.image(), other)
    env.close()


def test_four_threads_take_turns_over_four_environments(scenes: list[Scene]) -> None:
    expected = [draw(scene) for scene in scenes[:4]]
    envs = [TaskEnv(image_size=48) for _ in range(4)]
    for env, scene in zip(envs, scenes[:4], strict=True):
        env.start(scene)
        env.image()
    turns = [np.random.default_rng(seed).permutation(40) % 4 for seed in range(4)]  # any orders

    def look(turn: np.ndarray) -> list[bool]:
        return [np.array_equal(envs[index].image(), expected[index]) for index in turn]

    with ThreadPoolExecutor(4) as pool:
        assert [sum(right) for right in pool.map(look, turns)] == [40] * 4
    for env in envs:
        env.close()


def test_an_environment_that_is_forgotten_disturbs_no_other(scenes: list[Scene]) -> None:
    expected, kept = draw(scenes[0]), TaskEnv(image_size=48)
    kept.start(scenes[0])
    kept.image()

    def draw_and_forget() -> None:
        env = TaskEnv(image_size=48)
        env.start(scenes[1])
        env.image()

    draw_and_forget()
    thread = threading.Thread(target=draw_and_forget)
    thread.start()
    thread.join()
    gc.collect()
    np.testing.assert_array_equal(kept.image(), expected)
    kept.close()


FORK = """
import gc, os, signal, sys
from para_bench.envs.env import TaskEnv
from para_bench.types import ParaBenchError

env = TaskEnv(image_size=32)
first = env.reset(seed=0)[0]["pixels"]
child = os.fork()
if child == 0:
    signal.alarm(30)  # ends a child that hangs
    for draw in (env.image, lambda: TaskEnv(image_size=32).reset(seed=0)):
        try:
            draw()
        except ParaBenchError as error:
            print(error, flush=True)
    env.close()
    del env
    gc.collect()
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), (env.image() == first).all())
"""


@pytest.mark.integration
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_is_refused_in_one_line_and_leaves_the_first_alone(tmp_path: Path) -> None:
    *said, last = run(FORK, tmp_path).stdout.splitlines()
    assert last == "7 True"
    assert len(said) == 2
    assert all(line.startswith("this process was forked from one that has drawn a picture") and "'forkserver'" in line for line in said)
