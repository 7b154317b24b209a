"""Shift of the look-alikes of object and target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.envs.sampling import ATTEMPTS
from para_bench.envs.shifts import Shift
from para_bench.tasks import find_task
from para_bench.types import ParaBenchError, Scene


def look_alikes(unseen: bool = True) -> Shift:
    """The same object and target among other look-alikes: unseen ones, or another draw of the training set."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        return _crowded(scene, rng, unseen)

    return shift


def among_others(scene: Scene, rng: np.random.Generator) -> Scene:
    """Another draw of the training set's look-alikes, for things that stand elsewhere; the scene itself where it has none."""
    return _crowded(scene, rng, unseen=False) if scene.layout.others else scene


def _crowded(scene: Scene, rng: np.random.Generator, unseen: bool) -> Scene:
    for _ in range(ATTEMPTS):
        layout = find_task(scene.task).crowd(rng, replace(scene.layout, others=()), unseen)
        if layout is not None:
            return replace(scene, layout=layout)
    raise ParaBenchError(f"no look-alikes fit around object and target in {ATTEMPTS} tries; allowed: things that leave them room")
