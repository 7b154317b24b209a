"""The distribution of training cameras as one picture: where they stand, and what they see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from para_bench.bars import Bar
from para_bench.benchmarks.conditions import TrainingSet
from para_bench.benchmarks.scenes import training_scene
from para_bench.demonstrations.seen import viewpoint
from para_bench.envs.env import TaskEnv
from para_bench.envs.ranges import HELD_OUT_DEG, TRAINED, Viewpoint, beyond_view, cell_middles, inside_view
from para_bench.geometry import rays
from para_bench.replays.video import annotate
from para_bench.report.looks import BLUE, GREY, ORANGE, PALE, VERMILLION
from para_bench.sim.base import Region
from para_bench.sim.build import TABLE_CENTRE_X, TABLE_SIZE

DRAWN, SHOWN, TESTS_SHOWN, COLUMNS = 64, 16, 4, 8
"""Cameras drawn of each kind, and how many of them have their image shown: of training, and of tests in and beyond the range."""
ROWS = (SHOWN + 2 * TESTS_SHOWN) // COLUMNS
WIDTH_IN = 18.0
"""Width of the figure; letters scale with it."""
FRUSTUM_M = 0.10
"""Length of a drawn frustum [m]."""


class Kind(NamedTuple):
    name: str
    label: str
    colour: str
    views: list[Viewpoint]
    shown: int


def camera_views(training: TrainingSet, image_size: int) -> np.ndarray:
    """A plot of training and test cameras, above what some of them see in training scenes. Shape (H, W, 3), uint8."""
    kinds = [
        Kind("train", f"training, the first {DRAWN}", BLUE, [viewpoint(0, index) for index in range(DRAWN)], SHOWN),
        Kind("inside", "test, inside", ORANGE, [inside_view(np.random.default_rng(index)) for index in range(DRAWN // 2)], TESTS_SHOWN),
        Kind("beyond", "test, beyond", VERMILLION, [beyond_view(np.random.default_rng(index)) for index in range(DRAWN // 2)], TESTS_SHOWN),
    ]
    env, images = TaskEnv(image_size=image_size), []
    shown = [(kind, index) for kind in kinds for index in range(kind.shown)]
    for kind, index in Bar(shown, desc="views"):
        scene = training_scene(training, index, 0, SHOWN)
        env.start(replace(scene, camera=kind.views[index].camera))
        images.append(annotate(env.image(), f"{kind.name} {index}: {numbers(kind.views[index])}"))
    sheet = np.stack(images).reshape(ROWS, COLUMNS, image_size, image_size, 3).swapaxes(1, 2).reshape(ROWS * image_size, -1, 3)
    return np.concatenate([_stands(kinds, sheet.shape[1]), sheet])


def numbers(view: Viewpoint) -> str:
    """ "-12 45 0.75m +3 f42": azimuth, elevation, distance, roll, field of view; degrees and metres."""
    return f"{view.azimuth_deg:+.0f} {view.elevation_deg:.0f} {view.distance_m:.2f}m {view.roll_deg:+.0f} f{view.fovy_deg:.0f}"


def _stands(kinds: Sequence[Kind], width_px: int) -> np.ndarray:
    """The cameras from above, from the side, and by azimuth x elevation. Shape (H, width_px, 3), uint8."""
    figure = Figure(figsize=(WIDTH_IN, 0.36 * WIDTH_IN), dpi=width_px / WIDTH_IN, layout="constrained")
    above, side, angles = figure.subplots(1, 3)
    for axes, (across, up) in ((above, (1, 0)), (side, (0, 2))):
        _table(axes, across, up)
        for kind in kinds:
            for view in kind.views:
                _frustum(axes, view, across, up, kind.colour)
        axes.set_aspect("equal")
        axes.set_xlabel(f"{'xyz'[across]} [m]")
        axes.set_ylabel(f"{'xyz'[up]} [m]")
    above.set_title("from above")
    side.set_title("from the side")
    (left, right), (low, high) = TRAINED.azimuth_deg, TRAINED.elevation_deg
    angles.add_patch(Rectangle((left, low), right - left, high - low, color=PALE, zorder=0))
    for azimuth in cell_middles()[0]:
        for elevation in cell_middles()[1]:
            corner = (azimuth - HELD_OUT_DEG, elevation - HELD_OUT_DEG)
            angles.add_patch(Rectangle(corner, 2 * HELD_OUT_DEG, 2 * HELD_OUT_DEG, fill=False, edgecolor=GREY))
    for kind in kinds:
        where = [(view.azimuth_deg, view.elevation_deg) for view in kind.views]
        angles.plot(*np.transpose(where), "o", color=kind.colour, markersize=4, label=kind.label)
    angles.set_title("grey: the range; squares: held out of training")
    angles.set_xlabel("azimuth [deg]")
    angles.set_ylabel("elevation [deg]")
    angles.legend(loc="lower center", ncols=3)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3][:, :width_px].copy()


def _table(axes: Axes, across: int, up: int) -> None:
    """Table top and workspace."""
    (x, y), (u, v) = Region().low, Region().high
    table = ((TABLE_CENTRE_X - TABLE_SIZE[0], TABLE_CENTRE_X + TABLE_SIZE[0]), (-TABLE_SIZE[1], TABLE_SIZE[1]), (-0.03, 0.0))
    for spans, colour in ((table, PALE), (((x, u), (y, v), (0.0, 0.02)), GREY)):
        (a, b), (c, d) = spans[across], spans[up]
        axes.add_patch(Rectangle((a, c), b - a, d - c, color=colour, zorder=0))


def _frustum(axes: Axes, view: Viewpoint, across: int, up: int, colour: str) -> None:
    camera = view.camera.resized(1)
    eye, corners = np.asarray(camera.position), np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    frame = eye + FRUSTUM_M * rays(corners, camera)
    path = np.concatenate([frame, *([eye, corner] for corner in frame[:4])])
    axes.plot(path[:, across], path[:, up], color=colour, linewidth=0.6)
