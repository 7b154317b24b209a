"""What the simulator asks of a task and of a robot, and what it shows to both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from para_bench.types import ActionSpec, Camera, Layout, ParaBenchError, Rgb, Scene

if TYPE_CHECKING:
    import mujoco

OBJECT = "object"
"""Name of the body, free joint and geom of the thing that a task moves."""


Circle = tuple[tuple[float, float], float]
"""A circle on the table: its middle, world [m], and its radius [m]."""


@dataclass(frozen=True)
class Region:
    """A rectangle on the table, world [m]."""

    low: tuple[float, float] = (0.15, -0.15)
    high: tuple[float, float] = (0.28, 0.15)


@dataclass(frozen=True)
class Placement:
    """Where objects and targets may stand."""

    object: Region = Region()
    target: Region = Region()
    min_distance: float = 0.09
    """Between their centres [m]."""


@dataclass
class Knot:
    """What a success rule sees at the end of every joint target (`executor.KNOT_S`)."""

    time_s: float
    gripper: np.ndarray
    """World position (3,) [m]."""
    object_position: np.ndarray
    """World position of the object's centre (3,) [m]."""
    object_speed: tuple[float, float]
    """Linear [m/s] and angular [rad/s]."""
    fingers_on_object: int
    """0, 1 or 2 fingers touch it."""
    object_on: frozenset[str]
    """Names of the other geoms that the object touches."""
    object_yaw: float = 0.0
    """Rotation of the object about world z [rad]."""
    qpos: np.ndarray = field(default_factory=lambda: np.empty(0))
    """The whole state (nq,), for tasks in which more than the object moves; their joints are the last, in the order of `furnish`."""


class Progress(Protocol):
    """Follows one episode knot by knot; a task's rule of success."""

    stage: int
    """Index into the task's stages of the furthest one reached."""
    success: bool
    """Whether the task is done now."""
    strict: bool
    """Whether it is done now within the task's narrower tolerance."""
    success_once: bool
    success_at_s: float | None
    """When success first held; None where it never did."""
    path_m: float
    """Length of the gripper's path so far [m]."""

    def update(self, knot: Knot) -> None: ...


class Physics(Protocol):
    """What a diagnosis reads of the simulation."""

    @property
    def gripper_pose(self) -> np.ndarray:
        """World pose (7,): x y z [m], quaternion wxyz."""
        ...

    @property
    def object_pose(self) -> np.ndarray:
        """World pose (7,) of the object's centre: x y z [m], quaternion wxyz."""
        ...

    def knot(self) -> Knot: ...


class Episode(Protocol):
    """A running episode, as a diagnosis sees it."""

    scene: Scene
    task: Task
    robot: Robot

    @property
    def simulation(self) -> Physics: ...

    progress: Progress
    disturbed: bool | None
    """Whether the scene's disturbance took place; None before its step, and in scenes without one."""
    image_size: int | tuple[int, int]
    """Side of the policy's square images, or (height, width) [px]."""

    @property
    def told_camera(self) -> Camera: ...


class Diagnosis(Protocol):
    """Watches one episode and says why it went as it did."""

    grasp_error_m: float | None
    """Horizontal distance from where the object stood before the jaw came to where the gripper was when it first closed [m]; None if it
    never did."""

    def before(self, action: np.ndarray) -> None:
        """A finite waypoint (5,) is about to be executed."""
        ...

    def after(self, action: np.ndarray) -> None:
        """The waypoint (5,) was executed."""
        ...

    @property
    def place_error_m(self) -> float:
        """Horizontal distance from the target's centre to the object now."""
        ...

    @property
    def measures(self) -> Mapping[str, float]:
        """Further measurements by name, for the record."""
        ...

    @property
    def reason(self) -> str:
        """One of the task's reasons, for an episode that ran to its end without success."""
        ...


class Task(Protocol):
    """What there is to do: a row of TASKS."""

    name: str
    about: str
    """One line, for `para-bench list` and as the task's description in words."""
    layout_type: type[Layout]
    stages: tuple[str, ...]
    """From the first, "none", to the last, which is success."""
    reasons: tuple[str, ...]
    """Why an episode fails, in the order of the task."""
    max_steps: int
    """Waypoints before an episode is cut off."""
    upright_below: float
    """In a fair scene the tool points straight down wherever the expert sends it below this height [m]; 0 where it may tilt."""

    def sample(self, rng: np.random.Generator, placement: Placement, robot: Robot) -> Layout | None:
        """Things at random places; None where they came too near to each other: draw again."""
        ...

    def crowd(self, rng: np.random.Generator, layout: Layout, unseen: bool = False) -> Layout | None:
        """The same layout among look-alikes (`Layout.others`), of the training set or unseen ones; None where they found no room."""
        ...

    def unfit(self, layout: Layout) -> list[str]:
        """Why no policy can do the task in this layout, one reason a line: for shifts that change the object."""
        ...

    def clear(self, layout: Layout) -> tuple[Circle, ...]:
        """Circles that look-alikes leave free, around the things of the task and on the jaw's path."""
        ...

    def furnish(self, spec: mujoco.MjSpec, layout: Layout) -> None:
        """Add the task's bodies to the world, among them the loose body OBJECT."""
        ...

    def must_see(self, layout: Layout) -> dict[str, np.ndarray]:
        """By thing, points of its surface in world (N, 3) [m] that a fair camera sees; its geoms are NAME, NAME/1, NAME/2, ..."""
        ...

    def waypoints(self, scene: Scene, robot: Robot) -> np.ndarray:
        """The expert's actions (N, 5) as ActionSpec."""
        ...

    def progress(self, scene: Scene) -> Progress:
        """The rule of success, at the start of an episode."""
        ...

    def diagnose(self, episode: Episode, looks: bool) -> Diagnosis:
        """The diagnosis of an episode that starts; `looks`: whether the policy sees images, else pixel errors are left out."""
        ...


class Robot(Protocol):
    """An arm with a jaw: a row of ROBOTS."""

    name: str
    home: tuple[float, float, float, float]
    """Gripper at the start: x y z [m, world], yaw [rad]."""
    actions: ActionSpec
    """Its action space, with the workspace: the box over which heads state positions."""
    jaw_width: float
    """Distance between the open fingers [m]."""
    finger_travel: float
    """Travel of each finger from closed to open [m]."""
    joints: tuple[str, ...]
    """Names of the arm's joints and of their servos, which come first in the model."""
    fingers: tuple[str, ...]
    """Names of the fingers' geoms; their joints follow the arm's."""
    gripper_site: str
    """Name of the site at the tool centre point: its x axis is the approach, its y axis the closing direction."""
    rgb: Rgb
    """Its main colour."""
    assets: tuple[str, ...]
    """Data files of the package that `mount` reads, as "assets/arm.xml"."""

    def mount(self) -> mujoco.MjSpec:
        """A new spec with the arm alone, its base at the world's origin."""
        ...

    def solve(self, positions: np.ndarray, yaws: np.ndarray, roll_near: float = 0.0) -> np.ndarray:
        """World positions (N, 3) [m] and jaw yaws (N,) [rad, modulo pi] -> joint angles (N, joints) [rad].

        Raises:
            UnreachableError: one of them is out of reach.
        """
        ...

    def reachable(self, positions: np.ndarray) -> np.ndarray:
        """Whether `solve` finds joint angles for each world position (N, 3) [m]. Bool (N,)."""
        ...

    def upright(self, positions: np.ndarray) -> np.ndarray:
        """Whether `solve` finds joint angles with the tool pointing straight down. Bool (N,)."""
        ...


class UnreachableError(ParaBenchError):
    """No joint angles within the limits put the gripper there."""


class BadActionError(ParaBenchError):
    """An action that is not finite or has the wrong shape."""
