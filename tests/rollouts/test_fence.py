"""Whose failure it was: a machine's is never recorded, a policy's always is."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from para_bench.envs.env import TaskEnv
from para_bench.rollouts.fence import chunk_problem, crash_reason, is_machine_failure
from para_bench.rollouts.rollout import rollout
from para_bench.types import ACTIONS, ActionChunk, Observation, ParaBenchError, Scene


def caused(error: Exception, cause: BaseException, context: bool = False) -> Exception:
    error.__context__ = cause
    if not context:
        error.__cause__ = cause
    return error


MACHINE = [
    MemoryError(),
    np._core._exceptions._ArrayMemoryError((10, 10), np.dtype("f8")),  # type: ignore[attr-defined]
    OSError(errno.ENOSPC, "No space left on device"),
    PermissionError("no"),
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB"),
    RuntimeError(
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 bytes."
    ),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
    RuntimeError("CUDA error: device-side assert triggered"),
    RuntimeError("std::bad_alloc"),
    RuntimeError("can't start new thread"),
    caused(ValueError("inference failed"), MemoryError()),
    caused(ValueError("inference failed"), OSError("disk"), context=True),
    ExceptionGroup("several", [ValueError("x"), MemoryError()]),
]
POLICY = [
    ValueError("out of range"),
    IndexError("index 3"),
    KeyError("x"),
    TypeError("x"),
    AttributeError("x"),
    AssertionError(),
    NotImplementedError(),
    RecursionError("maximum recursion depth exceeded"),
    ZeroDivisionError(),
    RuntimeError("mat1 and mat2 shapes cannot be multiplied"),
    StopIteration(),
    SystemExit(0),
    ParaBenchError("found 8; allowed: 12"),
]
GOOD = np.tile([0.18, 0.0, 0.1, 0.0, 1.0], (ACTIONS.horizon, 1))


class Acts:
    """Returns a chunk, or raises."""

    looks = sees_depth = False

    def __init__(self, act: object, begin: BaseException | None = None) -> None:
        self._act, self._begin = act, begin

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        if self._begin:
            raise self._begin

    def act(self, observation: Observation | None) -> ActionChunk:
        if isinstance(self._act, BaseException):
            raise self._act
        return self._act  # type: ignore[return-value]


@pytest.mark.parametrize("error", MACHINE, ids=repr)
def test_a_machine_s_failure_stops_the_run_with_one_line(error: Exception, env: TaskEnv, scene: Scene) -> None:
    assert is_machine_failure(error)
    for policy in (Acts(error), Acts(GOOD, error)):
        with pytest.raises(ParaBenchError, match=r"this machine failed .*the same command continues") as told:
            rollout(env, scene, policy, 0)
        assert "\n" not in str(told.value)


@pytest.mark.parametrize("error", POLICY, ids=repr)
def test_a_policy_s_own_failure_ends_the_episode_with_its_name(error: BaseException, env: TaskEnv, scene: Scene) -> None:
    assert not is_machine_failure(error)
    for policy in (Acts(error), Acts(GOOD, error)):
        outcome = rollout(env, scene, policy, 0)
        assert (outcome.reason, outcome.steps, outcome.success_at_end) == (f"crash_{type(error).__name__}", 0, False)


def test_an_interrupt_passes(env: TaskEnv, scene: Scene) -> None:
    with pytest.raises(KeyboardInterrupt):
        rollout(env, scene, Acts(KeyboardInterrupt()), 0)


def test_a_name_of_control_characters_is_spelled_out() -> None:
    assert crash_reason(type("\x1b[31mred", (Exception,), {})()) == "crash_\\x1b[31mred"


def chunk(actions: object, heatmaps: object = None) -> ActionChunk:
    """Past the checks of the class, as a plug-in's own subclass may."""
    made = object.__new__(ActionChunk)
    object.__setattr__(made, "actions", actions)
    object.__setattr__(made, "heatmaps", heatmaps)
    return made


BAD = {
    "bad_chunk_type": [None, GOOD, [GOOD], "chunk"],
    "bad_chunk_dtype": [*map(chunk, (torch.zeros(12, 5), GOOD.astype(object), GOOD.astype(str), GOOD > 0, GOOD + 0j, None))],
    "bad_chunk_shape": [*map(chunk, (GOOD[:8], GOOD[:, :4], GOOD[0], GOOD[None], np.zeros((0, 5)), np.zeros((13, 5))))],
    "bad_heatmaps": [
        chunk(GOOD, np.zeros((8, 4, 4))),
        chunk(GOOD, np.zeros((12, 16))),
        chunk(GOOD, np.zeros((12, 0, 4))),
        chunk(GOOD, torch.zeros(12, 4, 4)),
        chunk(GOOD, "maps"),
    ],
}


@pytest.mark.parametrize(("reason", "value"), [(reason, value) for reason, values in BAD.items() for value in values])
def test_what_is_no_chunk_ends_the_episode_with_a_reason(reason: str, value: object, env: TaskEnv, scene: Scene) -> None:
    assert chunk_problem(value) == reason
    assert rollout(env, scene, Acts(value), 0).reason == reason


def test_a_chunk_is_executed(env: TaskEnv, scene: Scene) -> None:
    for good in (GOOD, GOOD.astype(np.float32)):
        assert chunk_problem(chunk(good)) == chunk_problem(chunk(good, np.ones((12, 4, 4)))) == ""
        assert rollout(env, scene, Acts(chunk(good)), 0).steps > 0


class Meddles(Acts):
    def act(self, observation: Observation | None) -> ActionChunk:
        os.chdir("/")
        torch.set_default_dtype(torch.float64)
        sys.setrecursionlimit(300)
        return super().act(observation)


def test_settings_of_the_process_are_put_back(env: TaskEnv, scene: Scene) -> None:
    before = Path.cwd(), torch.get_default_dtype(), sys.getrecursionlimit()
    rollout(env, scene, Meddles(ActionChunk(GOOD)), 0)
    assert (Path.cwd(), torch.get_default_dtype(), sys.getrecursionlimit()) == before


class _OwnKind(BaseException):
    def __str__(self) -> str:
        raise RuntimeError("not even words")


_OwnKind.__name__ = "K" * 500


@pytest.mark.parametrize(
    "error", [_OwnKind(), GeneratorExit(), BaseExceptionGroup("two", [_OwnKind(), SystemExit(0)]), FileNotFoundError("mine.npy")]
)
def test_whatever_a_policy_raises_is_its_own(error: BaseException) -> None:
    assert not is_machine_failure(error)
    assert len(crash_reason(error)) < 100
