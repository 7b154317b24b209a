"""Shifts of the object itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.sim.rooms import ARM_RGB, random_rgb
from para_bench.types import Scene


def colour(scene: Scene, rng: np.random.Generator) -> Scene:
    """Any colour that is told from the table, the plate and the arm, and is not the training colour."""
    avoid = (scene.object.rgb, scene.target_rgb, scene.table.rgb, scene.table.rgb2, ARM_RGB)
    return replace(scene, object=replace(scene.object, rgb=random_rgb(rng, avoid)))


def shape(scene: Scene, rng: np.random.Generator) -> Scene:
    """A cylinder or a box of other proportions that the jaw (58 mm) can take across; an ellipsoid would roll away."""
    kind, half_height = str(rng.choice(["cylinder", "box"])), float(rng.uniform(0.015, 0.020))
    if kind == "cylinder":
        radius = float(rng.uniform(0.014, 0.020))
        half_size = (radius, radius, half_height)
    else:
        half_size = (float(rng.uniform(0.011, 0.020)), float(rng.uniform(0.024, 0.040)), half_height)
    return replace(scene, object=replace(scene.object, shape=kind, half_size=half_size))
