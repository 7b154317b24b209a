"""What surrounds the task: the one room of the training scenes, and rooms never seen."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from para_bench.sim.footprints import gap
from para_bench.types import Light, Prop, Rgb, Room, Scene, Surface

MIN_CONTRAST = 0.35
"""Least distance in RGB, each in [0, 1], between what the task is about and what lies under or near it."""


HOME_ROOM = Room(
    table=Surface("wood", (0.55, 0.42, 0.30), (0.45, 0.33, 0.22), seed=1),
    floor=Surface("plain", (0.50, 0.50, 0.50), (0.40, 0.40, 0.40), seed=2),
    walls=Surface("plain", (0.80, 0.78, 0.70), (0.75, 0.73, 0.65), seed=3),
    lights=(
        Light((0.6, 0.5, 1.4), (0.55, 0.55, 0.55), shadow=True),
        Light((0.0, -0.8, 1.2), (0.25, 0.25, 0.25)),
    ),
    ambient=0.3,
    clutter=(
        Prop("cylinder", (0.025, 0.025, 0.045), (0.20, 0.45, 0.30), (0.02, 0.27)),
        Prop("box", (0.035, 0.05, 0.02), (0.20, 0.30, 0.60), (0.05, -0.30), 0.4),
        Prop("ellipsoid", (0.03, 0.03, 0.03), (0.35, 0.20, 0.45), (0.36, 0.27)),
        Prop("box", (0.02, 0.03, 0.04), (0.15, 0.15, 0.17), (-0.10, 0.16), -0.3),
    ),
)
"""Every demonstration of the released splits is given here unless the split says otherwise."""


def contrast(a: Rgb, b: Rgb) -> float:
    """Distance of two colours in RGB."""
    return float(np.linalg.norm(np.subtract(a, b)))


def random_rgb(rng: np.random.Generator, avoid: tuple[Rgb, ...]) -> Rgb:
    """A colour at least MIN_CONTRAST from each of `avoid`."""
    while True:
        rgb = colorsys.hsv_to_rgb(rng.uniform(), rng.uniform(0.1, 0.8), rng.uniform(0.2, 0.85))
        if all(contrast(rgb, other) >= MIN_CONTRAST for other in avoid):
            return rgb


ALL_PATTERNS = ("plain", "checker", "stripes", "wood", "speckle", "clouds")
"""In the order in which released rooms are drawn."""


def random_surface(rng: np.random.Generator, avoid: tuple[Rgb, ...] = (), patterns: Sequence[str] = ALL_PATTERNS) -> Surface:
    """A texture of one of the patterns whose two colours, and so their mixtures, keep their distance from `avoid`."""
    pattern = str(rng.choice(list(patterns)))
    rgb = random_rgb(rng, avoid)
    while True:
        rgb2 = tuple(np.clip(np.asarray(rgb) + rng.uniform(-0.22, 0.22, 3), 0, 1).tolist())
        middle = tuple(((np.asarray(rgb) + rgb2) / 2).tolist())
        if all(contrast(c, other) >= MIN_CONTRAST for c in (rgb2, middle) for other in avoid):
            return Surface(pattern, rgb, rgb2, seed=int(rng.integers(2**31)))


def random_lights(rng: np.random.Generator) -> tuple[tuple[Light, ...], float]:
    """Lights from new places with new strengths and tints, and the ambient level."""
    lights = []
    for i in range(int(rng.integers(1, 4))):
        azimuth, height = rng.uniform(0, 2 * np.pi), rng.uniform(0.9, 1.6)
        position = (float(0.2 + 0.9 * np.cos(azimuth)), float(0.9 * np.sin(azimuth)), float(height))
        tint = 1 + rng.uniform(-0.12, 0.12, 3)
        level = rng.uniform(0.45, 0.75) if i == 0 else rng.uniform(0.1, 0.3)
        lights.append(Light(position, tuple((level * tint).tolist()), shadow=i == 0))
    return tuple(lights), float(rng.uniform(0.22, 0.42))


def random_prop(rng: np.random.Generator, xy: tuple[float, float], avoid: tuple[Rgb, ...]) -> Prop:
    """A box, cylinder or ellipsoid of 2 to 10 cm."""
    shape = str(rng.choice(["box", "cylinder", "ellipsoid"]))
    x, y, z = rng.uniform(0.012, 0.045), rng.uniform(0.012, 0.045), rng.uniform(0.012, 0.05)
    half_size = (float(x), float(y if shape == "box" else x), float(z))
    return Prop(shape, half_size, random_rgb(rng, avoid), xy, float(rng.uniform(-np.pi, np.pi)))


def random_clutter(rng: np.random.Generator, count: int, avoid: tuple[Rgb, ...]) -> tuple[Prop, ...]:
    """`count` props around the workspace, on the table, out of the arm's way and apart from each other."""
    places: list[np.ndarray] = []
    while len(places) < count:
        xy = rng.uniform([-0.15, -0.40], [0.48, 0.40])
        in_workspace = -0.08 < xy[0] < 0.36 and abs(xy[1]) < 0.235
        if not in_workspace and all(np.linalg.norm(xy - other) > 0.11 for other in places):
            places.append(xy)
    return tuple(random_prop(rng, tuple(xy.tolist()), avoid) for xy in places)


def random_room(rng: np.random.Generator, task: tuple[Rgb, ...], arm: Rgb, patterns: Sequence[str] = ALL_PATTERNS) -> Room:
    """Unseen table, floor, walls, light and clutter layout, in which the colours of the task still stand out."""
    lights, ambient = random_lights(rng)
    return Room(
        table=random_surface(rng, (*task, arm), patterns),
        floor=random_surface(rng, (), patterns),
        walls=random_surface(rng, (), patterns),
        lights=lights,
        ambient=ambient,
        clutter=random_clutter(rng, int(rng.integers(3, 7)), task),
    )


DISTRACTOR_HEIGHT_M = 0.034
"""The carried object's underside passes 20 mm above this (tasks/parts/motion.py TRAVEL_Z)."""
_CLEARANCE_M = 0.075
"""Least distance of a distractor's rim from the middle of object and plate: room for the open jaw."""


def random_distractors(rng: np.random.Generator, count: int, scene: Scene) -> tuple[Prop, ...]:
    """`count` low props on the table among object and plate, apart from both, from each other and from the arm's base."""
    layout, colours = scene.layout, tuple(scene.layout.colours.values())
    task, places = [np.asarray(layout.object.xy), np.asarray(layout.target_xy)], [np.asarray(p.xy) for p in scene.room.clutter]
    found: list[Prop] = []
    while len(found) < count:
        xy = rng.uniform([0.08, -0.25], [0.38, 0.25])
        prop = random_prop(rng, tuple(xy.tolist()), colours)
        x, y, z = prop.half_size
        small = replace(prop, half_size=(min(x, 0.022), min(y, 0.022), min(z, DISTRACTOR_HEIGHT_M / 2)))
        reach = float(np.hypot(*small.half_size[:2]))
        clear = all(np.linalg.norm(xy - place) > _CLEARANCE_M + reach for place in task)
        beside = all(gap(other, small.xy) > reach for other in layout.others)
        if clear and beside and all(np.linalg.norm(xy - place) > 0.05 for place in places):
            found.append(small)
            places.append(xy)
    return tuple(found)
