"""The Gymnasium environment of every task and robot; one step is one gripper waypoint."""

from __future__ import annotations

import copy
from typing import Any

import gymnasium as gym
import numpy as np

from para_bench.envs import spaces
from para_bench.envs.sampling import DEFAULT_CAMERA, sample_scene
from para_bench.envs.scenes import scene_from_dict
from para_bench.envs.state import EnvState
from para_bench.robots import find_robot
from para_bench.sim import display, rendering
from para_bench.sim.base import BadActionError, Knot, UnreachableError
from para_bench.sim.executor import Executor
from para_bench.sim.pictures import Pictures
from para_bench.sim.simulation import Simulation
from para_bench.sim.viewer import Viewer, check_display
from para_bench.tasks import find_task
from para_bench.types import Camera, Observation, ParaBenchError, Scene


class TaskEnv(gym.Env[dict[str, np.ndarray], np.ndarray]):
    """Gymnasium environment over one `Scene` at a time.

    Observation: `pixels` (H, W, 3) uint8; `agent_pos` (9,): gripper pose x y z [m] and quaternion wxyz in world, jaw yaw
    [rad], opening [0, 1]; `intrinsics` (3, 3) [px]; `world_from_camera` (4, 4).
    Action (5,): x y z [m, world], yaw [rad, modulo pi], opening [0, 1].

    It may be pickled and copied in mid-episode, and used from any thread, one at a time.
    """

    metadata = {"render_modes": ["rgb_array", "depth_array", "human"], "render_fps": 4}
    options: tuple[str, ...] = ("scene",)
    """Names of the options that `reset` takes."""

    def __init__(
        self,
        render_mode: str | None = "rgb_array",
        image_size: int | tuple[int, int] = 224,
        depth: bool = False,
        task: str = "place",
        robot: str = "so101",
    ) -> None:
        """Check the arguments; nothing is drawn yet.

        Args:
            render_mode: What `render` gives: an image, depth in metres, or a window of MuJoCo's viewer, which `reset` opens.
            image_size: Side, or (height, width) [px]; the camera's vertical field of view fills the height.
            depth: Whether observations have depth.
            task: Row of TASKS whose scenes `reset` draws; a scene that `reset` is given names its own task.
            robot: Row of ROBOTS, likewise.

        Raises:
            ParaBenchError: unknown mode, size, task or robot; no display for a window.
        """
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise ParaBenchError(f"render_mode is {render_mode!r}; allowed: {', '.join(self.metadata['render_modes'])}, None")
        if render_mode == "human":
            check_display()
        elif display.problem():  # Gymnasium's checker tries every mode that an environment names
            self.metadata = self.metadata | {"render_modes": ["rgb_array", "depth_array"]}
        height, width = rendering.height_and_width(image_size)
        self.image_size = height if height == width else (height, width)
        self.render_mode, self._with_depth = render_mode, depth
        self.task, self.robot = find_task(task), find_robot(robot)
        self.action_space = spaces.actions(self.robot.actions)
        self.observation_space: gym.Space[Any] = spaces.observations(height, width, depth)
        # Images that are higher than wide see less to the sides than the released square ones: scenes are sampled for that narrower view.
        self._camera = DEFAULT_CAMERA if width >= height else DEFAULT_CAMERA.resized((height, width))
        self._pictures: Pictures | None = None
        self._viewer: Viewer | None = None

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Start an episode; `options={"scene": Scene}`, or a scene as a dict, gives the scene, otherwise the seed draws one.

        Raises:
            ParaBenchError: unknown option or invalid scene.
        """
        super().reset(seed=seed)
        unknown = [name for name in options or {} if name not in self.options]
        if unknown:
            raise ParaBenchError(f"reset has option {', '.join(map(repr, unknown))}; allowed: {', '.join(self.options)}")
        scene, about = self._next_scene(seed, options or {})
        self.start(scene)
        return self._gym_observation(), self._info("") | {"task_description": self.task_description} | about

    def step(self, action: np.ndarray) -> tuple[dict[str, np.ndarray], float, bool, bool, dict[str, Any]]:
        """Reward is 1 when the task is done. An action that cannot be carried out ends the episode with `info["reason"]`."""
        reason = self.advance(action)
        if self._viewer is not None:
            self._viewer.show()
        terminated = bool(reason) or self.progress.success
        return self._gym_observation(), float(self.progress.success), terminated, self.steps >= self.task.max_steps, self._info(reason)

    def start(self, scene: Scene) -> None:
        """Begin an episode of a scene without drawing it.

        Raises:
            ParaBenchError: its camera has another aspect ratio than the images.
        """
        self.close()
        for camera in (scene.camera, scene.told_camera or scene.camera):
            (height, width), own = rendering.height_and_width(self.image_size), (camera.height, camera.width)
            if own[0] != own[1] and own[0] * width != own[1] * height:  # a square camera may be drawn at any aspect ratio
                raise ParaBenchError(f"the scene's camera has (height, width) {own}, images {(height, width)}; allowed: image_size={own}")
        self.task, self.robot = find_task(scene.task), find_robot(scene.robot)
        self.scene, self.steps = scene, 0
        self.knots: list[Knot] = []  # of the last waypoint
        self.simulation, self.progress = Simulation(scene, self.task, self.robot), self.task.progress(scene)
        self.disturbed: bool | None = None
        """Whether the scene's disturbance took place; None before its step, and in scenes without one."""
        self._past: tuple[np.ndarray, ...] = ()
        self._executor = Executor(self.simulation)
        if self.render_mode == "human":
            self._viewer = Viewer(self.simulation)

    def advance(self, action: np.ndarray) -> str:
        """Execute one waypoint without drawing; returns a reason code where it could not be carried out, else ''."""
        if self.scene.late:
            self._past = (*self._past, self.simulation.data.qpos.copy())[-self.scene.late :]
        try:
            knots = self._executor.execute(action)
        except BadActionError:
            return "bad_action"
        except UnreachableError:
            return "unreachable"
        self.steps, self.knots = self.steps + 1, knots
        for knot in knots:
            self.progress.update(knot)
        moves = self.scene.disturbance
        if moves is not None and moves.step == self.steps:  # an object that the jaw has come near stays where it is
            self.disturbed = self.progress.stage == 0 and self.simulation.move_object(moves.xy, moves.yaw)
        return ""

    @property
    def clamped_waypoints(self) -> int:
        """Waypoints so far that were out of reach, so that the arm went only as far towards them as it reaches."""
        return self._executor.clamped

    @property
    def seen(self) -> Simulation:
        """What the policy is shown: the present, or where the scene says so the state of some waypoints ago."""
        if self.scene.late and self._past:
            return self.simulation.at(self._past[0])
        if self.scene.late or self.scene.rules.one_instant:
            return self.simulation.at(self.simulation.data.qpos)
        return self.simulation

    def observe(self, depth: bool = False) -> Observation:
        """What the policy may see now. Draws the image, and the depth where this call or the constructor asks for it."""
        seen, drawn = self.seen, self._drawn()
        return Observation(
            image=drawn.rgb(seen.data, self.steps),
            gripper_pose=seen.gripper_pose,
            gripper_yaw=seen.gripper_yaw,
            gripper_opening=seen.gripper_opening,
            camera=self.told_camera,
            depth=drawn.depth(seen.data) if depth or self._with_depth else None,
        )

    @property
    def told_camera(self) -> Camera:
        """The calibration that the policy is given, at the size of the images."""
        return (self.scene.told_camera or self.scene.camera).resized(self.image_size)

    @property
    def task_description(self) -> str:
        """The task in words, for policies that read them."""
        return self.task.about

    @property
    def _max_episode_steps(self) -> int:
        """The step limit, under the name that tools such as lerobot's evaluation look for."""
        return self.task.max_steps

    def render(self) -> Any:
        """What `render_mode` says: (H, W, 3) uint8, or depth (H, W) float32 in metres; None for the window and for no mode."""
        if self._viewer is not None:
            self._viewer.show()
        return {"rgb_array": self.image, "depth_array": self.depth}.get(self.render_mode or "", lambda: None)()

    def image(self) -> np.ndarray:
        """What the scene's webcam shows now. Shape (H, W, 3), uint8."""
        return self._drawn().rgb(self.seen.data, self.steps)

    def depth(self) -> np.ndarray:
        """Metres along the optical axis, without noise. Shape (H, W), float32."""
        return self._drawn().depth(self.seen.data)

    def geoms(self) -> np.ndarray:
        """Name of the geom seen at each pixel, "" for none. Shape (H, W)."""
        model = self.simulation.model
        names = np.array([model.geom(i).name for i in range(model.ngeom)] + [""])  # -1, no geom, takes the last
        return names[self._drawn().geoms(self.seen.data)]

    def get_state(self) -> EnvState:
        """This moment of the episode, without the state of wrappers such as Gymnasium's TimeLimit."""
        return EnvState(
            scene=self.scene,
            steps=self.steps,
            physics=self.simulation.copy_of_data(),
            command=self._executor.command,
            clamped=self._executor.clamped,
            disturbed=self.disturbed,
            past=self._past,
            progress=copy.deepcopy(self.progress),
            rng=dict(self.np_random.bit_generator.state),
        )

    def set_state(self, state: EnvState) -> None:
        """Go back to a moment, of this or of another episode: what follows, and what is drawn, is the same bit for bit."""
        if getattr(self, "scene", None) != state.scene:
            self.start(state.scene)
        self.simulation.load_data(state.physics)
        self.steps, self.progress = state.steps, copy.deepcopy(state.progress)
        self.disturbed, self._past = state.disturbed, state.past
        self._executor = Executor(self.simulation, state.command, state.clamped)
        self.np_random.bit_generator.state = state.rng

    def close(self) -> None:
        for shown in (self._pictures, self._viewer):
            if shown is not None:
                shown.close()
        self._pictures = self._viewer = None

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy: without window and OpenGL, with task and robot by name."""
        made = ("simulation", "knots", "progress", "_executor", "_pictures", "_viewer", "task", "robot")
        kept = {name: value for name, value in self.__dict__.items() if name not in made}
        return kept | {"rows": (self.task.name, self.robot.name), "moment": self.get_state() if hasattr(self, "simulation") else None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        (task, robot), moment = state.pop("rows"), state.pop("moment")
        self.__dict__.update(state)
        self._pictures = self._viewer = None
        self.task, self.robot = find_task(task), find_robot(robot)
        if moment is not None:
            self.start(moment.scene)
            self.set_state(moment)

    def _next_scene(self, seed: int | None, options: dict[str, Any]) -> tuple[Scene, dict[str, Any]]:
        """The scene that `reset` starts, and what else its info says."""
        given = options.get("scene")
        if given is None:
            return sample_scene(self.np_random, camera=self._camera, task=self.task.name, robot=self.robot.name), {}
        return given if isinstance(given, Scene) else scene_from_dict(given), {}

    def _drawn(self) -> Pictures:
        if self._pictures is None:
            self._pictures = Pictures(self.scene, self.simulation.model, self.image_size)
        return self._pictures

    def _gym_observation(self) -> dict[str, np.ndarray]:
        return spaces.values(self.observe())

    def _info(self, reason: str) -> dict[str, Any]:
        return {
            "is_success": self.progress.success,
            "stage": self.task.stages[self.progress.stage],
            "reason": reason,
            "privileged/object_pose": self.simulation.object_pose,
            "privileged/target_xy": np.array(self.scene.layout.target_xy),
        }
