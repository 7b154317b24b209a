"""What training cameras and training rooms are drawn from with `--cameras K` and `--rooms K`, and what is held out for tests.

The one place that states both distributions. Camera 0 and room 0 of a training are always the default ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from para_bench.envs.fair import BORDER
from para_bench.envs.sampling import ATTEMPTS, CAMERA_DISTANCE_M, CAMERA_ELEVATION_DEG, DEFAULT_CAMERA
from para_bench.robots import find_robot
from para_bench.sim.base import Region
from para_bench.sim.cameras import camera_at
from para_bench.sim.rooms import random_room
from para_bench.sim.visibility import in_view
from para_bench.types import Camera, ParaBenchError, Room, Scene

Span = tuple[float, float]


@dataclass(frozen=True)
class Viewpoint:
    """A camera in the numbers that it was drawn by; see `sim.cameras.camera_at`."""

    azimuth_deg: float
    elevation_deg: float
    distance_m: float
    roll_deg: float
    look_at_m: tuple[float, float]
    fovy_deg: float

    @property
    def camera(self) -> Camera:
        return camera_at(self.azimuth_deg, self.elevation_deg, self.distance_m, self.fovy_deg, self.roll_deg, self.look_at_m)


DEFAULT_VIEWPOINT = Viewpoint(0.0, CAMERA_ELEVATION_DEG, CAMERA_DISTANCE_M, 0.0, (0.0, 0.0), DEFAULT_CAMERA.fovy_deg)
"""The numbers of DEFAULT_CAMERA."""


@dataclass(frozen=True)
class ViewRange:
    """Each number is drawn uniformly and on its own; a camera that does not see the whole workspace is drawn again."""

    azimuth_deg: Span = (-40.0, 40.0)
    """To either side of the default camera, which faces the arm: beyond this range, the arm's own links begin to hide the table."""
    elevation_deg: Span = (28.0, 62.0)
    """About the default 45 deg: below 22 deg the lift of a pixel to the table is ill-conditioned, and 62 is half-way to the
    steepest view that is tested."""
    distance_m: Span = (0.62, 0.95)
    """About the default 0.75 m: the nearest that a webcam still sees the workspace from, and the far edge of a desk."""
    roll_deg: Span = (-10.0, 10.0)
    """A camera that is clamped by hand; the rotation of augmented copies adds to it, up to 22 deg in all."""
    look_at_m: Span = (-0.04, 0.04)
    """A camera that is aimed by hand, along x and y each."""
    fovy_deg: Span = (36.0, 50.0)
    """About the default 42 deg: webcams have 36 to 50 deg (diagonals of 60 to 78 deg at 4:3)."""


TRAINED = ViewRange()
CELL_DEG = (16.0, 17.0)
"""Size of a cell in azimuth and in elevation [deg]; TRAINED has 5 x 2 cells."""
HELD_OUT_DEG = 4.0
"""No training camera stands within this of a cell's middle in both azimuth and elevation."""
TESTED_DEG = 2.0
"""Test cameras inside of the range stand within this of a cell's middle, so at least 2 deg from each training camera."""
BEYOND_AZIMUTH_DEG: Span = (45.0, 60.0)
"""Azimuth, to either side, of one half of the test cameras outside of the range; their elevation is in the range."""
BEYOND_ELEVATION_DEG: tuple[Span, Span] = ((20.0, 25.0), (66.0, 74.0))
"""Elevation, below or above, of the other half; their azimuth is in the range, so that one number alone is new."""
WORKSPACE_TOP_M = 0.05
"""Height to which the region of objects and targets must be in view [m]."""
TRAINED_PATTERNS = ("plain", "stripes", "wood", "speckle")
"""Of tables, floors and walls; "checker" and "clouds" are kept for tests outside of the range."""
BEYOND_PATTERNS = ("checker", "clouds")


def training_view(rng: np.random.Generator) -> Viewpoint:
    """A camera of the range, never in a window that is held out."""
    return _seen(
        lambda: _draw(rng, rng.uniform(*TRAINED.azimuth_deg), rng.uniform(*TRAINED.elevation_deg)), lambda view: not held_out(view)
    )


def inside_view(rng: np.random.Generator) -> Viewpoint:
    """A test camera of the range, in a window that is held out from training."""

    def draw() -> Viewpoint:
        azimuth, elevation = (float(rng.choice(middles)) + rng.uniform(-TESTED_DEG, TESTED_DEG) for middles in cell_middles())
        return _draw(rng, azimuth, elevation)

    return _seen(draw)


def beyond_view(rng: np.random.Generator) -> Viewpoint:
    """A test camera outside of the range, in azimuth or in elevation."""

    def draw() -> Viewpoint:
        if rng.uniform() < 0.5:
            return _draw(rng, float(rng.choice([-1, 1])) * rng.uniform(*BEYOND_AZIMUTH_DEG), rng.uniform(*TRAINED.elevation_deg))
        return _draw(rng, rng.uniform(*TRAINED.azimuth_deg), rng.uniform(*BEYOND_ELEVATION_DEG[int(rng.integers(2))]))

    return _seen(draw)


def held_out(view: Viewpoint) -> bool:
    """Whether training keeps away from this azimuth and elevation."""
    where = (view.azimuth_deg, view.elevation_deg)
    offsets = (np.abs(middles - value).min() for middles, value in zip(cell_middles(), where, strict=True))
    return max(offsets) < HELD_OUT_DEG


def cell_middles() -> tuple[np.ndarray, np.ndarray]:
    """Azimuths and elevations [deg] of the middles of the cells."""
    azimuths, elevations = (
        np.arange(low + step / 2, high, step)
        for (low, high), step in zip((TRAINED.azimuth_deg, TRAINED.elevation_deg), CELL_DEG, strict=True)
    )
    return azimuths, elevations


def training_room(rng: np.random.Generator, scene: Scene) -> Room:
    """A room from the generator of `new_environment` in the training patterns, in which the colours of the scene's task stand out."""
    return random_room(rng, tuple(scene.layout.colours.values()), find_robot(scene.robot).rgb, TRAINED_PATTERNS)


def beyond_room(rng: np.random.Generator, scene: Scene) -> Room:
    """The same in the patterns that are held out from training."""
    return random_room(rng, tuple(scene.layout.colours.values()), find_robot(scene.robot).rgb, BEYOND_PATTERNS)


def sees_workspace(camera: Camera) -> bool:
    """Whether the region of objects and targets is in view, up to WORKSPACE_TOP_M."""
    (x, y), (u, v) = Region().low, Region().high
    return in_view(np.array([[a, b, c] for a in (x, u) for b in (y, v) for c in (0.0, WORKSPACE_TOP_M)]), camera, BORDER)


def _draw(rng: np.random.Generator, azimuth_deg: float, elevation_deg: float) -> Viewpoint:
    distance, roll, fovy = (float(rng.uniform(*span)) for span in (TRAINED.distance_m, TRAINED.roll_deg, TRAINED.fovy_deg))
    x, y = rng.uniform(*TRAINED.look_at_m, 2).tolist()
    return Viewpoint(float(azimuth_deg), float(elevation_deg), distance, roll, (x, y), fovy)


def _seen(draw: Callable[[], Viewpoint], fits: Callable[[Viewpoint], bool] = lambda view: True) -> Viewpoint:
    for _ in range(ATTEMPTS):
        view = draw()
        if fits(view) and sees_workspace(view.camera):
            return view
    raise ParaBenchError(f"no camera of the range sees the workspace in {ATTEMPTS} draws; allowed: a range in which one does")
