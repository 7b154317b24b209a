"""Shifts of what surrounds the task."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.envs.shifts import Shift
from para_bench.robots import find_robot
from para_bench.sim.rooms import random_distractors, random_room
from para_bench.types import Scene


def unseen(*parts: str) -> Shift:
    """The named fields of `Room` from an unseen room, the others as they are."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        drawn = random_room(rng, tuple(scene.layout.colours.values()), find_robot(scene.robot).rgb)
        return replace(scene, room=replace(scene.room, **{name: getattr(drawn, name) for name in parts}))

    return shift


lighting = unseen("lights", "ambient")
"""One to three lights at new places, with new strengths and tints."""
texture = unseen("table", "floor", "walls")
"""New patterns and colours of table, floor and walls."""
layout = unseen("clutter")
"""Other clutter at other places around the workspace."""
new_environment = unseen("table", "floor", "walls", "lights", "ambient", "clutter")
"""An unseen table, floor, walls, light and clutter layout around the same task."""


def distractors(count: int) -> Shift:
    """`count` more props, low enough to pass over, among object and plate."""

    def shift(scene: Scene, rng: np.random.Generator) -> Scene:
        if not count:
            return scene
        clutter = (*scene.room.clutter, *random_distractors(rng, count, scene))
        return replace(scene, room=replace(scene.room, clutter=clutter))

    return shift
