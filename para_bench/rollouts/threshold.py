"""`threshold`: what the task gives away to a policy that learns nothing.

It finds the largest blob in the colour of each thing of the training layout, lifts its middle and principal axis with the given
calibration, and executes the task's own fixed motion between the things. A task that this solves does not rank learners.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from para_bench.geometry import lift, wrap_yaw
from para_bench.sim.base import Placement
from para_bench.types import ACTIONS, ActionChunk, Camera, Layout, Observation, Rgb

if TYPE_CHECKING:
    from para_bench.envs.env import TaskEnv

CHROMA = 0.09
"""Largest distance of a pixel's share of red, green and blue from a colour's."""
SHADE, GREY_SHADE = 0.25, 0.6
"""Least brightness of a pixel relative to the colour, and to a colour without hue, whose shaded face looks like any other grey."""
GREY = 0.2
"""A colour without hue has less saturation than this."""
MIN_PX = 9
"""Smaller blobs are noise."""
LIFT_SHARE = 0.7
"""Mean height of the seen part of a thing, relative to its own: its top, and the sides that face the camera."""
EXTENT = (2.0, 98.0)
"""Percentiles between which the middle of a blob is [%]: half of it may lie in shadow."""


@dataclass(frozen=True)
class Thing:
    """What is known of one thing from the training layout."""

    rgb: Rgb
    height: float
    """Height of its top [m]."""
    axis_offset: float
    """Its yaw less the direction of its long side [rad]."""


class Threshold:
    """Largest blob of each colour, a fixed motion, no learning; looks once."""

    looks, sees_depth = True, False

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        self._env, self._waypoints = env, None
        self._layout, self._things = training_things(env)

    def act(self, observation: Observation | None) -> ActionChunk:
        assert observation is not None
        if self._waypoints is None:
            self._waypoints = self._plan(observation)
        index = np.minimum(self._env.steps + np.arange(ACTIONS.horizon), len(self._waypoints) - 1)
        return ActionChunk(self._waypoints[index])

    def _plan(self, observation: Observation) -> np.ndarray:
        """The task's motion between the things that were found, or staying where one was not. Shape (N, 5)."""
        home = (*map(float, observation.gripper_pose[:3]), observation.gripper_yaw)
        poses = {name: find(observation.image, thing, observation.camera) for name, thing in self._things.items()}
        if not all(poses.values()):
            return np.array([[*home, 1.0]])
        layout = posed(self._layout, {name: pose for name, pose in poses.items() if pose})
        scene = replace(self._env.scene, layout=layout, home=home)  # the scene's own layout is not read
        return self._env.task.waypoints(scene, self._env.robot)


def training_things(env: TaskEnv) -> tuple[Layout, dict[str, Thing]]:
    """One layout of the training distribution, and what is known of its things; the same for every scene."""
    rng = np.random.default_rng(0)  # any seed: colours, heights and shapes are the task's constants
    layout = None
    while layout is None:
        layout = env.task.sample(rng, Placement(), env.robot)
    points = env.task.must_see(layout)
    yaws = {"object": layout.object.yaw, "target": getattr(layout, "target_yaw", 0.0)}
    things = {}
    for name, rgb in layout.colours.items():
        _, axis = middle_and_axis(points[name])
        things[name] = Thing(rgb, float(points[name][:, 2].max()), float(wrap_yaw(yaws[name] - axis)))
    return layout, things


def posed(layout: Layout, poses: Mapping[str, tuple[float, float, float]]) -> Layout:
    """The layout with its things at x, y [m] and yaw [rad]."""
    (x, y, yaw), (u, v, target_yaw) = poses["object"], poses["target"]
    found = replace(layout.placed((x, y), (u, v)), object=replace(layout.object, xy=(x, y), yaw=yaw))
    more: dict[str, Any] = {"target_yaw": target_yaw} if hasattr(layout, "target_yaw") else {}
    return replace(found, **more)


def find(image: np.ndarray, thing: Thing, camera: Camera) -> tuple[float, float, float] | None:
    """x, y [m, world] and yaw [rad] of the largest blob of the thing's colour; None where there is none."""
    mask = largest(of_colour(image, thing.rgb))
    if mask is None:
        return None
    rows, columns = np.nonzero(mask)
    pixels = np.stack([columns + 0.5, rows + 0.5], axis=1)
    (x, y), axis = middle_and_axis(lift(pixels, np.full(len(pixels), LIFT_SHARE * thing.height), camera))
    return x, y, float(wrap_yaw(axis + thing.axis_offset))


def of_colour(image: np.ndarray, rgb: Rgb) -> np.ndarray:
    """Pixels of a colour under any light, of an image (H, W, 3) uint8. Shape (H, W), bool."""
    seen, wanted = image / 255, np.asarray(rgb)
    total = seen.sum(axis=-1)
    chroma = np.linalg.norm(seen / np.maximum(total, 1e-6)[..., None] - wanted / wanted.sum(), axis=-1)
    shade = GREY_SHADE if wanted.max() - wanted.min() < GREY * wanted.max() else SHADE
    return (chroma < CHROMA) & (total > shade * wanted.sum())


def largest(mask: np.ndarray) -> np.ndarray | None:
    """The largest connected part of a mask (H, W); None where it is smaller than MIN_PX."""
    from scipy import ndimage  # slow to import, and needed by this reference alone

    labels = np.zeros(mask.shape, np.int32)
    ndimage.label(mask, output=labels)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return labels == sizes.argmax() if sizes.max() >= MIN_PX else None


def middle_and_axis(points: np.ndarray) -> tuple[tuple[float, float], float]:
    """Middle of the extent of points (N, 2 or more) [m] along their principal axes, and the direction of the longer axis [rad]."""
    flat = points[:, :2]
    _, axes = np.linalg.eigh(np.cov(flat.T))
    along = flat @ axes
    low, high = np.percentile(along, EXTENT, axis=0)
    x, y = axes @ ((low + high) / 2)
    return (float(x), float(y)), float(np.arctan2(axes[1, 1], axes[0, 1]))
