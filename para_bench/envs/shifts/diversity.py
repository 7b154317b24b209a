"""Shifts to cameras and rooms that are held out of every training, in the ranges of `envs.ranges` and beyond them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.envs.ranges import beyond_room, beyond_view, inside_view, training_room
from para_bench.types import Scene


def camera_inside(scene: Scene, rng: np.random.Generator) -> Scene:
    """A camera of the range that trainings draw from, at least 2 deg from each of theirs."""
    return replace(scene, camera=inside_view(rng).camera)


def camera_beyond(scene: Scene, rng: np.random.Generator) -> Scene:
    """A camera whose azimuth or elevation is outside of the range."""
    return replace(scene, camera=beyond_view(rng).camera)


def room_inside(scene: Scene, rng: np.random.Generator) -> Scene:
    """A room in the patterns that trainings have, from a random stream that no training uses."""
    return replace(scene, room=training_room(rng, scene))


def room_beyond(scene: Scene, rng: np.random.Generator) -> Scene:
    """A room in patterns that no training has."""
    return replace(scene, room=beyond_room(rng, scene))
