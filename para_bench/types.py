"""The types that every part of para-bench shares, and the conventions of axes, frames and poses.

Axis letters used in every shape comment: B batch, T timesteps of a chunk, N points, D feature width, H W image or map size.
Frames: `world` has its origin at the arm's base on the table top, x away from the base, z up. Camera frames follow OpenCV:
x right, y down, z forward. Poses read left to right: `world_from_camera` takes camera coordinates to world coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from para_bench import quantities
from para_bench.actions import ACTIONS as ACTIONS
from para_bench.actions import ActionSpec as ActionSpec
from para_bench.corruption import Corruption as Corruption
from para_bench.course import FIRST_RULES
from para_bench.course import Disturbance as Disturbance
from para_bench.course import Rules as Rules
from para_bench.errors import HaltError as HaltError
from para_bench.errors import ParaBenchError as ParaBenchError
from para_bench.plain import content_hash as content_hash
from para_bench.plain import from_dict as from_dict
from para_bench.plain import rounded, unstructure_without
from para_bench.plain import to_dict as to_dict

DEFAULT_BACKBONE = "lite0_multiview"
"""Row of BACKBONES that all heads share by default."""

REPLAN_STEPS = 12
"""Timesteps executed before the camera is read again, unless a run asks for another number: the whole chunk (results/v1/ABLATION.md)."""


Rgb = tuple[float, float, float]
"""Red, green and blue, each in [0, 1]."""
SHAPES = ("box", "cylinder", "ellipsoid", "capsule")
"""Shapes of props."""
PATTERNS = ("plain", "checker", "stripes", "wood", "speckle", "clouds")
"""Patterns of surfaces, the table's cloth among them."""


@dataclass(frozen=True)
class Camera:
    """A pinhole camera with square pixels and its principal point at the image centre."""

    position: tuple[float, float, float]
    """Optical centre in world [m]."""
    quat_wxyz: tuple[float, float, float, float]
    """Rotation of the OpenCV camera frame in world, scalar first."""
    fovy_deg: float
    """Vertical field of view."""
    width: int = 224
    """Image width [px]."""
    height: int = 224
    """Image height [px]."""

    def __post_init__(self) -> None:
        quantities.numbers("camera position", self.position, 3)
        quantities.unit_quat("camera quat_wxyz", self.quat_wxyz)
        quantities.number("camera fovy_deg", self.fovy_deg, 0, 180, within=True)
        quantities.number("camera width", self.width, 1)
        quantities.number("camera height", self.height, 1)

    @property
    def world_from_camera(self) -> np.ndarray:
        """Shape (4, 4)."""
        w, x, y, z = self.quat_wxyz
        pose = np.eye(4)
        pose[:3, :3] = [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
        pose[:3, 3] = self.position
        return pose

    @property
    def intrinsics(self) -> np.ndarray:
        """Shape (3, 3), pixels; pixel (0, 0) covers [0, 1) x [0, 1)."""
        focal_px = 0.5 * self.height / np.tan(np.radians(self.fovy_deg) / 2)
        return np.array([[focal_px, 0, self.width / 2], [0, focal_px, self.height / 2], [0, 0, 1]])

    def resized(self, size: int | tuple[int, int]) -> Camera:
        """The same view at `size` x `size` or at (height, width) px; the vertical field of view stays."""
        height, width = (size, size) if isinstance(size, int) else size
        return replace(self, width=width, height=height)


@dataclass(frozen=True)
class Prop:
    """A primitive body that stands on the table."""

    shape: str
    """One of SHAPES."""
    half_size: tuple[float, float, float]
    """Half extents along the body's axes [m]."""
    rgb: Rgb
    xy: tuple[float, float]
    """Centre in world [m]; the height follows from standing on the table."""
    yaw: float = 0.0
    """Rotation about world z [rad]."""

    def __post_init__(self) -> None:
        quantities.choice("prop shape", self.shape, SHAPES)
        quantities.numbers("prop half_size", self.half_size, 3, 0, within=True)
        quantities.numbers("prop rgb", self.rgb, 3, 0, 1)
        quantities.numbers("prop xy", self.xy, 2)
        quantities.number("prop yaw", self.yaw)


@dataclass(frozen=True)
class Surface:
    """A procedural texture of two colours."""

    pattern: str
    """One of PATTERNS."""
    rgb: Rgb
    rgb2: Rgb
    seed: int = 0
    """Seed of the pattern's noise."""

    def __post_init__(self) -> None:
        quantities.choice("surface pattern", self.pattern, PATTERNS)
        quantities.numbers("surface rgb", self.rgb, 3, 0, 1)
        quantities.numbers("surface rgb2", self.rgb2, 3, 0, 1)
        quantities.number("surface seed", self.seed, 0)


@dataclass(frozen=True)
class Light:
    position: tuple[float, float, float]
    """World [m]; the light looks at the middle of the workspace."""
    diffuse: tuple[float, float, float]
    shadow: bool = False

    def __post_init__(self) -> None:
        quantities.numbers("light position", self.position, 3)
        quantities.numbers("light diffuse", self.diffuse, 3, 0)


@dataclass(frozen=True)
class Room:
    """What surrounds the task. All of it but the clutter only changes what is seen."""

    table: Surface
    floor: Surface
    walls: Surface
    lights: tuple[Light, ...]
    ambient: float = 0.35
    """Grey level of the light that comes from everywhere, in [0, 1]."""
    clutter: tuple[Prop, ...] = ()
    """Props that are no part of the task, fixed to the table."""

    def __post_init__(self) -> None:
        quantities.number("room ambient", self.ambient, 0, 1)


@dataclass(frozen=True)
class Layout:
    """The things of a task and where they stand. Every task has a subclass of its own, made of plain numbers."""

    object: Prop
    """The object to grasp."""
    target_xy: tuple[float, float]
    """Centre of the object's target, world [m]."""
    others: tuple[Prop, ...] = field(default=(), kw_only=True)
    """Look-alikes of object and target, fixed to the table; none in the world `plain`, which is suite version 1's."""

    def __post_init__(self) -> None:
        quantities.all_finite("layout", self)

    @property
    def colours(self) -> dict[str, Rgb]:
        """Colours of the task's things by name; no table, prop or room has a similar colour."""
        return {"object": self.object.rgb}

    def moved(self, dx: float, dy: float) -> Self:
        """The layout moved as a whole by (dx, dy) [m]."""
        (x, y), (u, v) = self.object.xy, self.target_xy
        others = tuple(replace(other, xy=(other.xy[0] + dx, other.xy[1] + dy)) for other in self.others)
        return replace(self.placed((x + dx, y + dy), (u + dx, v + dy)), others=others)

    def placed(self, object_xy: tuple[float, float], target_xy: tuple[float, float]) -> Self:
        """The same layout with object and target at these places, world [m]."""
        return replace(self, object=replace(self.object, xy=object_xy), target_xy=target_xy)


@dataclass(frozen=True)
class Scene:
    """All that an episode starts from. Frozen; goes through JSON and back unchanged (`para_bench.envs.scenes`)."""

    layout: Layout
    camera: Camera
    """The camera that takes the images."""
    room: Room
    home: tuple[float, float, float, float] = (0.18, 0.0, 0.10, 0.0)
    """Gripper at the start: x y z [m, world], yaw [rad]."""
    told_camera: Camera | None = None
    """The calibration that the policy is given where it differs from `camera` (a wrong calibration)."""
    task: str = "place"
    """Row of TASKS."""
    robot: str = "so101"
    """Row of ROBOTS."""
    rules: Rules = FIRST_RULES
    """Rules of the suite version."""
    disturbance: Disturbance | None = None
    """What moves the object once during the episode."""
    late: int = 0
    """Delay of the policy's picture and state, in waypoints; until so many are done it gets those of the start."""
    corruption: Corruption | None = None
    """What the webcam does to the picture; None for nothing."""

    def __post_init__(self) -> None:
        quantities.numbers("scene home", self.home, 4)
        quantities.number("scene late", self.late, 0)

    @property
    def moved_object(self) -> Prop:
        """The object where the disturbance leaves it; where it starts, without one."""
        moves = self.disturbance
        return self.layout.object if moves is None else replace(self.layout.object, xy=moves.xy, yaw=moves.yaw)

    @property
    def hash(self) -> str:
        """16 hex digits over all fields, numbers rounded to 1e-9: the last bit of a camera's pose depends on the processor.

        Released scenes are older than `task` and `robot`: with the first of both, these fields are left out, and layout and room are flat.
        """
        value = to_dict(self)
        if (self.task, self.robot) == ("place", "so101"):
            del value["task"], value["robot"]
            value |= value.pop("layout") | value.pop("room")
        return content_hash(rounded(value))


@dataclass(frozen=True)
class Observation:
    """What a policy may see."""

    image: np.ndarray
    """Shape (H, W, 3), uint8 RGB."""
    gripper_pose: np.ndarray
    """Gripper (tool centre point) in world. Shape (7,): x y z [m], quaternion wxyz."""
    gripper_yaw: float
    """Direction in which the jaw closes, about world z [rad], in [-pi/2, pi/2)."""
    gripper_opening: float
    """In [0, 1], 1 is fully open."""
    camera: Camera
    """The calibration given to the policy."""
    depth: np.ndarray | None = None
    """Shape (H, W), float32 metres along the optical axis, on request."""


@dataclass(frozen=True)
class ActionChunk:
    """Predicted gripper waypoints, the output of every head and of the oracle."""

    actions: np.ndarray
    """Shape (T, 5): x y z [m, world], yaw [rad, modulo pi], opening [0, 1]; see ActionSpec."""
    heatmaps: np.ndarray | None = None
    """Where in the image each timestep was placed, for heads that have such a map. Shape (T, H', W'), each sums to 1."""

    def __post_init__(self) -> None:
        if self.actions.ndim != 2 or self.actions.shape[1] != ACTIONS.dim:
            raise ParaBenchError(f"action chunk has shape {self.actions.shape}, allowed: (T, {ACTIONS.dim}) as {ACTIONS.text}")


@dataclass(frozen=True)
class FeatureSpec:
    """What a backbone hands to a head for square images of one size: a pyramid of maps, finest first."""

    backbone: str
    """Name and weight hash, so that a head is never fed another backbone's features."""
    image_size: int
    """Side of the input [px]."""
    channels: tuple[int, ...]
    """D of each map."""
    sizes: tuple[int, ...]
    """Side H = W of each map."""
    summary_dim: int = 0
    """D of the summary token (a ViT's class token), 0 where there is none."""
    actions: ActionSpec = ACTIONS
    """What a head that reads these features predicts; it is no part of `key`."""

    @property
    def key(self) -> dict[str, Any]:
        """Plain JSON values that identify the features, for hashes."""
        return {name: value for name, value in to_dict(self).items() if name != "actions"}


# Values are converted by their own class: a scene's annotation `Layout` names the base class alone. Fields that suite version 1 did not
# have are left out where they hold their default, so that its scenes keep their hashes and files.
unstructure_without(Layout, ("others",))
unstructure_without(Scene, ("rules", "disturbance", "late", "corruption"))
