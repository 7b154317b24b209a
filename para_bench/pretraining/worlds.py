"""Random arrangements for pre-training: other things than the benchmark's, seen twice, from two views and in two lights or rooms."""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np

from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import DEFAULT_CAMERA, Placement, sample_scene
from para_bench.envs.shifts.rooms import unseen
from para_bench.pretraining.correspondence import ROOM, Pair, follow, look, some
from para_bench.robots import so101 as robot
from para_bench.sim.cameras import default_camera_pose
from para_bench.sim.rooms import random_clutter, random_distractors, random_lights, random_prop, random_rgb
from para_bench.tasks.parts.pick_and_place import OBJECT_RGB
from para_bench.tasks.place import PLATE_RGB, PlaceLayout
from para_bench.types import ACTIONS, Camera, Scene

AZIMUTH_DEG, ELEVATION_DEG, DISTANCE_M, FOVY_DEG = (-100.0, 100.0), (18.0, 80.0), (0.55, 0.95), (34.0, 55.0)
"""Where cameras stand, and their lenses; they look at the middle of the workspace and a little past it."""
TURN_DEG = 60.0
"""Largest difference of azimuth between the two views."""
SAME_ROOM = 0.5
"""Share of pairs that differ in view and light only; in the rest, table, floor and walls differ too."""
ON_THINGS, ELSEWHERE = 96, 48
"""Largest number of points on object, plate, clutter and arm, and on the room."""
_IN_ANOTHER_ROOM = unseen("table", "floor", "walls", "lights", "ambient")


def pair(index: int, size: int) -> Pair:
    """World `index`, seen twice. Negative indices are for validation."""
    first, second = scenes(index)
    rng = _rng("points", index)
    env = TaskEnv(image_size=size)
    views = look(env, first), look(env, second)
    env.close()
    room = np.isin(views[0].geom, ROOM)
    masks = [(~room & (views[0].geom != ""), ON_THINGS)]
    if first.room.table == second.room.table:
        masks.append((room, ELSEWHERE))
    return follow(*views, np.concatenate([some(mask, most, rng) for mask, most in masks]))


def scenes(index: int) -> tuple[Scene, Scene]:
    """One arrangement twice. Nothing in it has the benchmark's object's or plate's colour; it need not be a fair task."""
    rng = _rng("world", index)
    arranged = sample_scene(rng, Placement())  # the camera comes later
    known = (OBJECT_RGB, PLATE_RGB)
    layout = arranged.layout
    thing = replace(random_prop(rng, layout.object.xy, known), yaw=layout.object.yaw)
    rgb, radius = random_rgb(rng, (*known, thing.rgb)), float(rng.uniform(0.02, 0.06))
    around = replace(arranged.room, clutter=random_clutter(rng, int(rng.integers(2, 7)), known))
    arranged = replace(arranged, layout=PlaceLayout(thing, layout.target_xy, radius, rgb), room=around, home=_home(rng))
    crowd = random_distractors(rng, int(rng.integers(5)), arranged)
    arranged = replace(arranged, room=replace(around, clutter=(*around.clutter, *crowd)))
    azimuth = rng.uniform(*AZIMUTH_DEG)
    first = _IN_ANOTHER_ROOM(replace(arranged, camera=_camera(rng, azimuth)), rng)
    second = replace(first, camera=_camera(rng, float(np.clip(azimuth + rng.uniform(-TURN_DEG, TURN_DEG), *AZIMUTH_DEG))))
    if rng.uniform() < SAME_ROOM:
        lights, ambient = random_lights(rng)
        return first, replace(second, room=replace(second.room, lights=lights, ambient=ambient))
    return first, _IN_ANOTHER_ROOM(second, rng)


def _camera(rng: np.random.Generator, azimuth_deg: float) -> Camera:
    position, quat = default_camera_pose(rng.uniform(*DISTANCE_M), azimuth_deg, rng.uniform(*ELEVATION_DEG))
    return replace(DEFAULT_CAMERA, position=position, quat_wxyz=quat, fovy_deg=float(rng.uniform(*FOVY_DEG)))


def _home(rng: np.random.Generator) -> tuple[float, float, float, float]:
    """Any place that the gripper can reach."""
    while True:
        place = rng.uniform(ACTIONS.low, ACTIONS.high)
        if place[2] > 0.03 and robot.reachable(place[None])[0]:
            x, y, z = place.tolist()
            return x, y, z, float(rng.uniform(-np.pi / 2, np.pi / 2))


def _rng(purpose: str, index: int) -> np.random.Generator:
    """Streams apart from those of training, validation and test scenes."""
    return np.random.default_rng([zlib.crc32(f"pretraining {purpose}".encode()), abs(index), int(index < 0)])
