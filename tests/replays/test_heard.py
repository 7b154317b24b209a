"""A policy that fails does so as ever, and what it raised is kept with its line."""

from __future__ import annotations

import re

import numpy as np

from para_bench.envs.env import TaskEnv
from para_bench.replays.heard import Heard
from para_bench.rollouts.references import Noop
from para_bench.rollouts.rollout import rollout
from para_bench.types import ActionChunk, Observation, Scene


class Fails(Noop):
    def act(self, observation: Observation | None) -> ActionChunk:
        raise ValueError("too wide\nby far")


class Shy(Fails):
    def act(self, observation: Observation | None) -> ActionChunk:
        return ActionChunk(np.linalg.inv(np.zeros((3, 3))))  # raises within another package


def test_the_error_is_told_with_its_line_and_the_outcome_stays(env: TaskEnv, scene: Scene) -> None:
    heard = Heard(Fails())
    assert rollout(env, scene, heard, 0).reason == rollout(env, scene, Fails(), 0).reason == "crash_ValueError"
    assert re.fullmatch(r"ValueError: too wide \(test_heard\.py:\d+\)", heard.raised)


def test_the_line_is_the_policy_s_own(env: TaskEnv, scene: Scene) -> None:
    heard = Heard(Shy())
    rollout(env, scene, heard, 0)
    assert re.fullmatch(r"LinAlgError: Singular matrix \(test_heard\.py:\d+\)", heard.raised)


def test_without_an_error_there_are_no_words(env: TaskEnv, scene: Scene) -> None:
    heard = Heard(Noop())
    assert rollout(env, scene, heard, 0).reason == "never_closed"
    assert heard.raised == ""
