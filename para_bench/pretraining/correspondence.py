"""The same surface points in two pictures of one scene, exactly: from the simulator's depth and camera poses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from para_bench.envs.env import TaskEnv
from para_bench.geometry import project, unproject
from para_bench.types import Scene

TASK = ("object", "target")
"""Geoms of the object and the plate."""
ROOM = ("table", "floor", "wall0", "wall1", "wall2", "wall3")
"""Geoms that look different in another room."""
SAME_DEPTH_M = 0.005
"""A point is seen in the second picture if the surface there is no further from it along the optical axis."""


@dataclass(frozen=True)
class View:
    """A picture with what the simulator knows of it."""

    scene: Scene
    image: np.ndarray
    """Shape (H, W, 3), uint8."""
    depth: np.ndarray
    """Metres along the optical axis. Shape (H, W)."""
    geom: np.ndarray
    """Name of the geom at each pixel, "" for none. Shape (H, W)."""

    def names(self, pixels: np.ndarray) -> np.ndarray:
        """Names of the geoms at the pixels (N, 2). Shape (N,)."""
        return _at(self.geom, pixels)


@dataclass(frozen=True)
class Pair:
    """Two pictures and N surface points that both show."""

    first: View
    second: View
    pixels: np.ndarray
    """Continuous u, v in the first and in the second. Shape (2, N, 2) [px]."""

    @property
    def on_object(self) -> np.ndarray:
        """Which points lie on the object. Shape (N,), bool."""
        return self.first.names(self.pixels[0]) == "object"


def look(env: TaskEnv, scene: Scene) -> View:
    """The picture at the start of an episode."""
    env.start(scene)
    return View(scene, env.render(), env.depth(), env.geoms())


def some(mask: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    """Centres of `most` random pixels of a mask (H, W), or of all. Shape (N, 2)."""
    rows, columns = np.nonzero(mask)
    chosen = rng.permutation(len(rows))[:most]
    return np.stack([columns[chosen], rows[chosen]], axis=1) + 0.5


def follow(first: View, second: View, pixels: np.ndarray) -> Pair:
    """Those of the `pixels` (N, 2) of the first picture whose surface the second one shows too."""
    size = len(first.image)
    before, after = first.scene.camera.resized(size), second.scene.camera.resized(size)
    moved, depth = project(unproject(pixels, _at(first.depth, pixels), before), after)
    inside = np.all((moved >= 0) & (moved < size), axis=1) & (depth > 0)
    where = np.where(inside[:, None], moved, 0)
    same = (np.abs(_at(second.depth, where) - depth) < SAME_DEPTH_M) & (second.names(where) == first.names(pixels))
    seen = inside & same
    return Pair(first, second, np.stack([pixels[seen], moved[seen]]))


def _at(values: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Values (H, W) at the pixels (N, 2)."""
    columns, rows = pixels.astype(int).T
    return values[rows, columns]
