"""The row of lerobot's table of environments."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import gymnasium as gym
from lerobot.configs import FeatureType, PolicyFeature
from lerobot.envs.configs import EnvConfig
from lerobot.envs.utils import freeze_after_episode_end
from lerobot.utils.constants import ACTION, OBS_STATE

from lerobot_env_para_bench.env import SceneEnv
from lerobot_env_para_bench.task import parse_task
from para_bench.lerobot_data.features import FPS, IMAGE, NUMBERS

_PIXELS = "pixels/front"


@EnvConfig.register_subclass("para_bench")
@dataclass
class ParaBenchEnv(EnvConfig):
    """Scenes of a split's conditions.

    lerobot-eval gives a group of results for each condition; episode i of a batch has the seed `--seed` + i, which is its scene.
    """

    task: str | None = "place/id"
    """TASK/SPLIT for all conditions of a split; TASK/SPLIT/LEVEL or TASK/SPLIT/FACTOR/LEVEL for one, as place/novel_view/15."""
    fps: int = FPS
    robot: str = "so101"
    suite_version: int = 2
    image_size: int = 224
    """Side of the camera's images [px]."""
    features: dict[str, PolicyFeature] = field(
        default_factory=lambda: {
            ACTION: PolicyFeature(type=FeatureType.ACTION, shape=(len(NUMBERS),)),
            "agent_pos": PolicyFeature(type=FeatureType.STATE, shape=(len(NUMBERS),)),
        }
    )
    features_map: dict[str, str] = field(default_factory=lambda: {ACTION: ACTION, "agent_pos": OBS_STATE, _PIXELS: IMAGE})

    def __post_init__(self) -> None:
        self.features[_PIXELS] = PolicyFeature(type=FeatureType.VISUAL, shape=(self.image_size, self.image_size, 3))

    @property
    def gym_kwargs(self) -> dict[str, Any]:
        return {"robot": self.robot, "suite_version": self.suite_version, "image_size": self.image_size}

    def create_envs(self, n_envs: int, use_async_envs: bool = False) -> dict[str, dict[int, gym.vector.VectorEnv]]:
        """A vector environment for each condition; an environment whose episode is over waits for the others of its batch.

        Raises:
            ParaBenchError: there is no such task, split or condition.
        """
        asked = parse_task(self.task or "", self.robot, self.suite_version)
        found = {}
        for factor, level in asked.conditions:
            make = partial(SceneEnv, task=asked.task, split=asked.split, condition=(factor, level), **self.gym_kwargs)
            makes = [freeze_after_episode_end(make)] * n_envs
            found[f"{factor}/{level}"] = {0: _vector(makes, use_async_envs and n_envs > 1)}
        return found


def _vector(makes: list[Any], separate: bool) -> gym.vector.VectorEnv:
    mode = gym.vector.AutoresetMode.NEXT_STEP
    if separate:  # a forked OpenGL context hangs
        return gym.vector.AsyncVectorEnv(makes, context="forkserver", autoreset_mode=mode)
    return gym.vector.SyncVectorEnv(makes, autoreset_mode=mode)
