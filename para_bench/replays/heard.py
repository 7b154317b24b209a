"""A policy whose errors are kept in words: a record has only their type."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from para_bench.envs.env import TaskEnv
from para_bench.rollouts.policy import Policy
from para_bench.text import printable
from para_bench.types import ActionChunk, Observation


class Heard:
    """Passes everything on, errors too."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.looks, self.sees_depth = policy.looks, policy.sees_depth
        self.raised = ""
        """ "ValueError: too wide (mine.py:12)", the last error; empty where there was none."""

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        self._heard(self._policy.begin, env, rng)

    def act(self, observation: Observation | None) -> ActionChunk:
        return self._heard(self._policy.act, observation)

    def _heard(self, call: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return call(*arguments)
        except Exception as error:
            self.raised = _words(error)
            raise


def _words(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in Path(frame.filename).parts] or list(frames)
    try:
        said = str(error).strip().partition("\n")[0]
    except Exception:  # a policy's own class may fail here too
        said = ""
    told = f"{type(error).__name__}{f': {said}' if said else ''}"
    return printable(f"{told} ({Path(own[-1].filename).name}:{own[-1].lineno})")
