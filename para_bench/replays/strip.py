"""What heads see and plan in one scene: the input with the lifted path, and the heatmap of each timestep."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpecFromSubplotSpec

from para_bench.benchmarks.scenes import test_scene
from para_bench.benchmarks.splits import find_split
from para_bench.envs.env import PickPlace
from para_bench.geometry import project
from para_bench.replays.video import SCALE, overlay
from para_bench.report.checkpoints import CONFIG, Cost
from para_bench.report.figures.source import Absent, factors, levels, words
from para_bench.report.figures.style import WIDTH_IN
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.roster import Condition
from para_bench.rollouts.jobs import Job, make_policy, rollout_seed
from para_bench.types import ActionChunk, Observation

_COLUMNS = 6
_PATH = colormaps["plasma"]
"""Timestep -> colour, first to last."""


def draw(results: list[SplitResults], costs: Mapping[str, Cost]) -> Iterator[tuple[str, Figure]]:
    """One figure a split: every trained head (its first training seed) at the start of the same scene.

    Raises:
        Absent: the checkpoints of the records are not at hand.
    """
    drawn = 0
    for result in results:
        condition = typical(result)
        index = result.expected.indices(condition)[0]
        folders = {head: _folder(result, costs, head, condition) for head in result.learned}
        if folders and all(folders.values()):
            drawn += 1
            plans = {head: _plan(result, head, folder, condition, index) for head, folder in folders.items() if folder}
            yield f"strip_{result.split}", _figure(plans, f"{words(result.split)}: {words(condition[0])} {condition[1]}, scene {index}")
    if not drawn:
        raise Absent("needs the checkpoints of the records (folder `checkpoints` beside the splits)")


def typical(result: SplitResults) -> Condition:
    """The middle level of the split's first factor; the control where there is no factor."""
    found = factors(result)
    members = levels(result, found[0]) if found else [CONTROL]
    return members[len(members) // 2]


def _folder(result: SplitResults, costs: Mapping[str, Cost], head: str, condition: Condition) -> Path | None:
    digest = result.roster.episodes[head, condition][0][0].checkpoint_hash
    return costs[digest].folder if digest in costs else None


def _plan(result: SplitResults, head: str, folder: Path, condition: Condition, index: int) -> tuple[Observation, ActionChunk]:
    """The first look of the episode that the record is of, and what the head made of it."""
    recipe = json.loads((folder / CONFIG).read_text())["state"]["recipe"]
    backbone, size, seed = recipe["backbone"], recipe["image_size"], result.expected.seeds[head][0]
    job = Job(result.split, head, seed, folder, backbone, size, index, (condition,))
    env, policy = PickPlace(image_size=size), make_policy(head, folder, backbone, size)
    split = find_split(result.split)
    env.start(test_scene(split, split.condition(*condition), index))
    policy.begin(env, np.random.default_rng(rollout_seed(job)))
    observation = env.observe(policy.sees_depth)
    chunk = policy.act(observation)
    env.close()
    return observation, chunk


def _figure(plans: Mapping[str, tuple[Observation, ActionChunk]], title: str) -> Figure:
    figure = Figure(figsize=(WIDTH_IN, 0.3 + 1.78 * len(plans)), layout="constrained")
    rows = figure.add_gridspec(len(plans), 2, width_ratios=[2, _COLUMNS])
    for row, (head, (observation, chunk)) in enumerate(plans.items()):
        pixels = SCALE * project(chunk.actions[:, :3], observation.camera)[0]
        axes = figure.add_subplot(rows[row, 0])
        _picture(axes, overlay(observation.image, None, 0), pixels)
        axes.set_title(head, loc="left")
        steps = len(chunk.actions)
        cells = GridSpecFromSubplotSpec(-(-steps // _COLUMNS), _COLUMNS, rows[row, 1])
        for step in range(steps):
            panel = figure.add_subplot(cells[step // _COLUMNS, step % _COLUMNS])
            _picture(panel, overlay(observation.image, chunk, step), pixels[step : step + 1], step / max(1, steps - 1))
            panel.set_title(f"t{step + 1}", fontsize=5.5, pad=1.5, loc="left")
    figure.suptitle(title, fontsize=7.5, x=0.01, ha="left")
    return figure


def _picture(axes: Axes, image: np.ndarray, pixels: np.ndarray, when: float | None = None) -> None:
    """The image with waypoints (N, 2) in it; `when` in [0, 1] colours all of them alike, else they run from first to last."""
    axes.imshow(image, interpolation="antialiased")
    axes.plot(*pixels.T, color="white", linewidth=0.9)
    shares = np.linspace(0, 1, len(pixels)) if when is None else [when] * len(pixels)
    axes.scatter(*pixels.T, c=_PATH(shares), s=7, edgecolors="white", linewidths=0.4, zorder=3)
    axes.set_xlim(0, image.shape[1])
    axes.set_ylim(image.shape[0], 0)
    axes.set_axis_off()
