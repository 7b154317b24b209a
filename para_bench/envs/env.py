"""The Gymnasium environment of every task and robot; one step is one gripper waypoint."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from para_bench.envs.sampling import sample_scene
from para_bench.robots import find_robot
from para_bench.sim import rendering
from para_bench.sim.base import BadActionError, UnreachableError
from para_bench.sim.executor import Executor
from para_bench.sim.simulation import Simulation
from para_bench.tasks import find_task
from para_bench.types import Camera, Observation, Scene


class TaskEnv(gym.Env[dict[str, np.ndarray], np.ndarray]):
    """Gymnasium environment over one `Scene` at a time.

    Observation: `pixels` (H, W, 3) uint8; `agent_pos` (9,): gripper pose x y z [m] and quaternion wxyz in world, jaw yaw
    [rad], opening [0, 1]; `intrinsics` (3, 3) [px]; `world_from_camera` (4, 4).
    Action (5,): x y z [m, world], yaw [rad, modulo pi], opening [0, 1].
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 4}

    def __init__(
        self, render_mode: str | None = "rgb_array", image_size: int = 224, depth: bool = False, task: str = "place", robot: str = "so101"
    ) -> None:
        """`task` and `robot` are rows of TASKS and ROBOTS: what `reset` draws a scene of; a scene that is given names its own."""
        rendering.check_size(image_size)
        self.render_mode, self.image_size, self._with_depth = render_mode, image_size, depth
        self.task, self.robot = find_task(task), find_robot(robot)
        box = self.robot.actions
        low, high = np.array([*box.low, -np.pi / 2, 0]), np.array([*box.high, np.pi / 2, 1])
        self.action_space = gym.spaces.Box(low.astype(np.float32), high.astype(np.float32))
        spaces: dict[str, gym.Space[Any]] = {
            "pixels": gym.spaces.Box(0, 255, (image_size, image_size, 3), np.uint8),
            "agent_pos": gym.spaces.Box(-np.inf, np.inf, (9,), np.float64),
            "intrinsics": gym.spaces.Box(-np.inf, np.inf, (3, 3), np.float64),
            "world_from_camera": gym.spaces.Box(-np.inf, np.inf, (4, 4), np.float64),
        }
        if depth:
            spaces["depth"] = gym.spaces.Box(0, np.inf, (image_size, image_size), np.float32)
        self.observation_space: gym.Space[Any] = gym.spaces.Dict(spaces)
        self._renderer: rendering.Renderer | None = None

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Start an episode; `options={"scene": Scene}` gives the scene, otherwise the seed draws one."""
        super().reset(seed=seed)
        self.start((options or {}).get("scene") or sample_scene(self.np_random, task=self.task.name, robot=self.robot.name))
        return self._gym_observation(), self._info("")

    def step(self, action: np.ndarray) -> tuple[dict[str, np.ndarray], float, bool, bool, dict[str, Any]]:
        """Reward is 1 when the task is done. An action that cannot be carried out ends the episode with `info["reason"]`."""
        reason = self.advance(action)
        terminated = bool(reason) or self.progress.success
        return self._gym_observation(), float(self.progress.success), terminated, self.steps >= self.task.max_steps, self._info(reason)

    def start(self, scene: Scene) -> None:
        """Begin an episode of a scene without drawing it."""
        self.close()
        self.task, self.robot = find_task(scene.task), find_robot(scene.robot)
        self.scene, self.steps = scene, 0
        self.simulation, self.progress = Simulation(scene, self.task, self.robot), self.task.progress(scene)
        self._executor = Executor(self.simulation)

    def advance(self, action: np.ndarray) -> str:
        """Execute one waypoint without drawing; returns a reason code where it could not be carried out, else ''."""
        try:
            knots = self._executor.execute(action)
        except BadActionError:
            return "bad_action"
        except UnreachableError:
            return "unreachable"
        self.steps += 1
        for knot in knots:
            self.progress.update(knot)
        return ""

    def observe(self, depth: bool = False) -> Observation:
        """What the policy may see now; draws the camera, and the depth where it is asked for here or was in the constructor."""
        simulation = self.simulation
        return Observation(
            image=self.render(),
            gripper_pose=simulation.gripper_pose,
            gripper_yaw=simulation.gripper_yaw,
            gripper_opening=simulation.gripper_opening,
            camera=self.told_camera,
            depth=self.depth() if depth or self._with_depth else None,
        )

    @property
    def told_camera(self) -> Camera:
        """The calibration that the policy is given, at the size of the images."""
        return (self.scene.told_camera or self.scene.camera).resized(self.image_size)

    def render(self) -> np.ndarray:
        """Shape (H, W, 3), uint8."""
        return self._drawn().rgb(self.simulation.data)

    def depth(self) -> np.ndarray:
        """Metres along the optical axis, without noise. Shape (H, W), float32."""
        return self._drawn().depth(self.simulation.data)

    def geoms(self) -> np.ndarray:
        """Name of the geom seen at each pixel, "" for none. Shape (H, W)."""
        model = self.simulation.model
        names = np.array([model.geom(i).name for i in range(model.ngeom)] + [""])  # -1, no geom, takes the last
        return names[self._drawn().geoms(self.simulation.data)]

    def _drawn(self) -> rendering.Renderer:
        if self._renderer is None:
            self._renderer = rendering.Renderer(self.simulation.model, self.image_size)
        return self._renderer

    def close(self) -> None:
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None

    def _gym_observation(self) -> dict[str, np.ndarray]:
        seen = self.observe()
        values = {
            "pixels": seen.image,
            "agent_pos": np.array([*seen.gripper_pose, seen.gripper_yaw, seen.gripper_opening]),
            "intrinsics": seen.camera.intrinsics,
            "world_from_camera": seen.camera.world_from_camera,
        }
        return values | ({"depth": seen.depth} if seen.depth is not None else {})

    def _info(self, reason: str) -> dict[str, Any]:
        return {
            "is_success": self.progress.success,
            "stage": self.task.stages[self.progress.stage],
            "reason": reason,
            "privileged/object_pose": self.simulation.object_pose,
            "privileged/target_xy": np.array(self.scene.layout.target_xy),
        }
