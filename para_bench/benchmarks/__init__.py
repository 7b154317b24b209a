"""SPLITS: what is trained on and what is tested, by name, in the order of every table."""

from __future__ import annotations

import numpy as np

from para_bench.benchmarks.conditions import Condition, Split
from para_bench.envs import shifts
from para_bench.envs.build import default_camera_pose
from para_bench.envs.sampling import CAMERA_DISTANCE_M, CAMERA_ELEVATION_DEG, DEFAULT_CAMERA
from para_bench.types import Camera, ParaBenchError

VIEW_ANGLES_DEG = (5, 10, 15, 20, 25, 30, 45)
GRID_CELLS = 8
GRID_HALF_DEG = 17.5
"""Azimuth and elevation offsets span +- this; the corners then lie 23 deg from the default view, so every cell is within 25 deg."""


def _grid() -> tuple[Condition, ...]:
    offsets = np.linspace(-GRID_HALF_DEG, GRID_HALF_DEG, GRID_CELLS)
    cells = [(a, e) for a in range(GRID_CELLS) for e in range(GRID_CELLS)]
    # A stride that shares no factor with 64 spreads the first scenes over the whole map instead of its first rows.
    return tuple(
        Condition("view_grid", f"a{a}e{e}", shifts.view_at(float(offsets[a]), float(offsets[e])), share=((i * 37) % len(cells), len(cells)))
        for i, (a, e) in enumerate(cells)
    )


def _border_cameras() -> tuple[Camera, ...]:
    """The corners and the middles of the sides of the view grid."""
    places = [(a, e) for a in (-1, 0, 1) for e in (-1, 0, 1) if (a, e) != (0, 0)]
    poses = [default_camera_pose(CAMERA_DISTANCE_M, GRID_HALF_DEG * a, CAMERA_ELEVATION_DEG + GRID_HALF_DEG * e) for a, e in places]
    return tuple(Camera(*pose, fovy_deg=DEFAULT_CAMERA.fovy_deg) for pose in poses)


SPLITS: dict[str, Split] = {
    split.name: split
    for split in (
        Split("id", "in distribution: new object and plate positions, the training room and camera", ()),
        Split(
            "novel_view",
            "trained on the default camera only; tested from 5 to 45 deg away and on an 8x8 azimuth x elevation grid within 25 deg",
            (*(Condition("view_angle", str(angle), shifts.view_angle(angle)) for angle in VIEW_ANGLES_DEG), *_grid()),
            also_from=_border_cameras(),
        ),
        Split(
            "new_environment",
            "trained in one room; tested in rooms with unseen table, floor, walls, light and clutter layout",
            (Condition("environment", "1", shifts.new_environment),),
        ),
    )
}

VALIDATION = Split(
    "validation", "in distribution, apart from every test scene: for choosing settings (perf/tuning.py)", (), stream="validation"
)
"""Where settings are chosen; never reported as a result."""


def find_split(name: str) -> Split:
    """A split by name.

    Raises:
        ParaBenchError: unknown name.
    """
    if name not in SPLITS and name != VALIDATION.name:
        raise ParaBenchError(f"split {name!r} is unknown; allowed: {', '.join(SPLITS)}")
    return SPLITS.get(name, VALIDATION)
