"""A server's failure passes the fence around policies: it ends the run and is no episode's reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from para_bench.envs.env import TaskEnv
from para_bench.remote.failures import BadAnswerError, ConnectionLostError, ServerError
from para_bench.rollouts.rollout import rollout
from para_bench.types import ParaBenchError, Scene


@dataclass
class Failing:
    error: Exception
    begins: bool = True
    looks = sees_depth = False

    def begin(self, env: TaskEnv, rng: Any) -> None:
        if not self.begins:
            raise self.error

    def act(self, observation: Any) -> Any:
        raise self.error


@pytest.mark.parametrize("begins", [True, False])
@pytest.mark.parametrize("error", [ServerError("it hangs"), ConnectionLostError("it is gone")])
def test_a_failure_of_the_server_ends_the_run(error: Exception, begins: bool, env: TaskEnv, scene: Scene) -> None:
    with pytest.raises(type(error), match=str(error)):
        rollout(env, scene, Failing(error, begins), 0)


@pytest.mark.parametrize("error", [BadAnswerError("three columns"), ParaBenchError("its own")])
def test_a_failure_of_the_policy_is_its_episode_s_reason(error: Exception, env: TaskEnv, scene: Scene) -> None:
    assert rollout(env, scene, Failing(error), 0).reason == f"crash_{type(error).__name__}"
