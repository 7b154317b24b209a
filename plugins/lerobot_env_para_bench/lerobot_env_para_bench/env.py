"""One condition's scenes, walked by their index, in lerobot's names and numbers."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from para_bench.benchmarks.env import SplitEnv
from para_bench.benchmarks.profiles import PROFILES
from para_bench.lerobot_data.features import INTRINSICS, NUMBERS, POSE, STATE
from para_bench.remote.actions import waypoints
from para_bench.remote.keys import find_keys
from para_bench.remote.looks import Look, told
from para_bench.types import Observation, ParaBenchError

SCENES = max(profile.episodes for profile in PROFILES.values())
"""Of a condition: as many as the largest profile tests."""
_KEYS = find_keys("lerobot")


class SceneEnv(gym.Env[dict[str, Any], np.ndarray]):
    """`reset(seed=i)` starts scene i of the condition, as `para-bench run` does.

    Observation: `pixels` {"front": (H, W, 3) uint8}; `agent_pos` (6,) and the action (6,) as `datasets.features.NUMBERS`; the calibration,
    flat: (9,) and (16,), which lerobot hands on as observation.camera.front.*.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 4}
    render_mode = "rgb_array"

    def __init__(
        self,
        task: str = "place",
        split: str = "id",
        condition: tuple[str, str] = ("id", "0"),
        robot: str = "so101",
        suite_version: int = 2,
        image_size: int = 224,
    ) -> None:
        """Nothing is drawn yet.

        Args:
            task: Row of TASKS.
            split: Row of SPLITS.
            condition: Factor and level.
            robot: Row of ROBOTS.
            suite_version: Row of VERSIONS.
            image_size: Side of the images [px].

        Raises:
            ParaBenchError: a name that there is not.
        """
        factor, level = condition
        self._env = SplitEnv(
            task=task, robot=robot, split=split, condition=factor, level=level, suite_version=suite_version, image_size=image_size
        )
        numbers, far = len(NUMBERS), np.inf
        self.action_space = gym.spaces.Box(-far, far, (numbers,), np.float32)
        self.observation_space = gym.spaces.Dict(
            {
                "pixels": gym.spaces.Dict({"front": gym.spaces.Box(0, 255, (image_size, image_size, 3), np.uint8)}),
                "agent_pos": gym.spaces.Box(-far, far, (numbers,), np.float64),
                INTRINSICS: gym.spaces.Box(-far, far, (9,), np.float64),
                POSE: gym.spaces.Box(-far, far, (16,), np.float64),
            }
        )
        self.task = task

    @property
    def task_description(self) -> str:
        """The task in words."""
        return self._env.task_description

    @property
    def _max_episode_steps(self) -> int:
        """Under this name lerobot looks for it."""
        return self._env.task.max_steps

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Scene `seed`; lerobot's own options say nothing more.

        Raises:
            ParaBenchError: a seed that is no scene.
        """
        if seed is None or not 0 <= seed < SCENES:
            allowed = f"0 to {SCENES - 1}: --seed=0, and no more episodes than scenes"
            raise ParaBenchError(f"seed {seed} is no scene of {self._env.split.name}; allowed: {allowed}")
        super().reset(seed=seed)
        seen, info = self._env.reset(seed=seed)
        return self._observation(seen), info

    def step(self, action: np.ndarray) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        """One waypoint. What cannot be carried out ends the episode, as it does in `para-bench run`."""
        (waypoint,) = waypoints(action, _KEYS.action, self._seen, finite=False)
        seen, reward, terminated, truncated, info = self._env.step(waypoint)
        return self._observation(seen), reward, terminated, truncated, info

    def render(self) -> np.ndarray:
        """What the camera shows. Shape (H, W, 3), uint8."""
        return self._env.image()

    def close(self) -> None:
        self._env.close()

    def _observation(self, seen: dict[str, np.ndarray]) -> dict[str, Any]:
        """A look of ours under lerobot's names."""
        *pose, yaw, opening = seen["agent_pos"]
        self._seen = Observation(seen["pixels"], np.array(pose), float(yaw), float(opening), self._env.told_camera)
        look = told(_KEYS.observation, Look(self._seen, self._env.task_description))
        return {
            "pixels": {"front": self._seen.image},
            "agent_pos": look[STATE],
            INTRINSICS: look[f"observation.{INTRINSICS}"].ravel(),
            POSE: look[f"observation.{POSE}"].ravel(),
        }
