"""Shifts of the object itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from para_bench.robots import find_robot
from para_bench.sim.rooms import random_rgb
from para_bench.types import Scene


def colour(scene: Scene, rng: np.random.Generator) -> Scene:
    """Any colour that differs clearly from the table, the target and the arm, and is not the training colour."""
    avoid = (*scene.layout.colours.values(), scene.room.table.rgb, scene.room.table.rgb2, find_robot(scene.robot).rgb)
    return _with_object(scene, rgb=random_rgb(rng, avoid))


def shape(scene: Scene, rng: np.random.Generator) -> Scene:
    """A cylinder or a box of other proportions that the jaw (58 mm) can take across; an ellipsoid would roll away."""
    kind, half_height = str(rng.choice(["cylinder", "box"])), float(rng.uniform(0.015, 0.020))
    if kind == "cylinder":
        radius = float(rng.uniform(0.014, 0.020))
        half_size = (radius, radius, half_height)
    else:
        half_size = (float(rng.uniform(0.011, 0.020)), float(rng.uniform(0.024, 0.040)), half_height)
    return _with_object(scene, shape=kind, half_size=half_size)


def _with_object(scene: Scene, **changes: Any) -> Scene:
    layout = scene.layout
    return replace(scene, layout=replace(layout, object=replace(layout.object, **changes)))
