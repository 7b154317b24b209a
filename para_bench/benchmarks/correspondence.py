"""The same surface points in two pictures of one scene, exactly: from the simulator's depth and camera poses."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from para_bench.envs.pick_place import PickPlace
from para_bench.envs.rendering import segmentation
from para_bench.envs.sampling import sample_scene
from para_bench.envs.shifts import Shift, shifted
from para_bench.envs.shifts.rooms import new_environment
from para_bench.envs.shifts.views import view_angle
from para_bench.geometry import project, unproject
from para_bench.types import Scene

ANGLES_DEG = (5, 15, 25, 35, 45, 60)
CONDITIONS: dict[tuple[str, str], Shift] = {("view_angle", str(angle)): view_angle(angle) for angle in ANGLES_DEG} | {
    ("new_environment", "0"): new_environment
}
"""How the second picture differs from the first, which is of the training room from the training camera."""
PLACES = {"object": 32, "target": 32}
"""Pixels taken on these geoms, at most."""
ELSEWHERE = 64
"""Pixels taken on everything else: table, arm, clutter, walls."""
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


@dataclass(frozen=True)
class Pair:
    """Two pictures and N surface points that both show."""

    first: View
    second: View
    pixels: np.ndarray
    """Continuous u, v in the first and in the second. Shape (2, N, 2) [px]."""
    on_object: np.ndarray
    """Shape (N,), bool."""


def pairs(index: int, size: int) -> Iterator[tuple[tuple[str, str], Pair]]:
    """Scene `index` from the training camera beside each of CONDITIONS: scenes apart from training, validation and test scenes."""
    rng = np.random.default_rng([zlib.crc32(b"features"), index])
    env = PickPlace(image_size=size)
    scene = sample_scene(rng)
    first = look(env, scene)
    chosen = _choose(first, rng)
    for condition, shift in CONDITIONS.items():
        # In another room only what belongs to the task is the same surface.
        kept = chosen if condition[0] == "view_angle" else chosen[np.isin(_at(first.geom, chosen), list(PLACES))]
        yield condition, _pair(first, look(env, shifted(shift, scene, rng)), kept)
    env.close()


def look(env: PickPlace, scene: Scene) -> View:
    """The start of an episode, drawn."""
    env.start(scene)
    model, data = env.simulation.model, env.simulation.data
    names = np.array([model.geom(i).name for i in range(model.ngeom)] + [""])  # -1, no geom, takes the last
    return View(scene, env.render(), env.depth(), names[segmentation(model, data, env.image_size)])


def _choose(view: View, rng: np.random.Generator) -> np.ndarray:
    """Pixel centres to follow. Shape (N, 2)."""
    chosen = []
    for mask, most in (
        *((view.geom == name, most) for name, most in PLACES.items()),
        (~np.isin(view.geom, ["", *PLACES]), ELSEWHERE),
    ):
        rows, columns = np.nonzero(mask)
        some = rng.permutation(len(rows))[:most]
        chosen.append(np.stack([columns[some], rows[some]], axis=1) + 0.5)
    return np.concatenate(chosen)


def _pair(first: View, second: View, pixels: np.ndarray) -> Pair:
    """Those of the `pixels` (N, 2) of the first picture whose surface the second one shows too."""
    size = len(first.image)
    before, after = first.scene.camera.resized(size), second.scene.camera.resized(size)
    moved, depth = project(unproject(pixels, _at(first.depth, pixels), before), after)
    inside = np.all((moved >= 0) & (moved < size), axis=1)
    where = np.where(inside[:, None], moved, 0)
    same = (np.abs(_at(second.depth, where) - depth) < SAME_DEPTH_M) & (_at(second.geom, where) == _at(first.geom, pixels))
    seen = inside & same
    return Pair(first, second, np.stack([pixels[seen], moved[seen]]), _at(first.geom, pixels)[seen] == "object")


def _at(values: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Values (H, W) at the pixels (N, 2)."""
    columns, rows = pixels.astype(int).T
    return values[rows, columns]
