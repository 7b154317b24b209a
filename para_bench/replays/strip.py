"""What heads see and plan in one scene: the input with the lifted path, and the heatmap of each timestep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpecFromSubplotSpec

from para_bench.envs.env import TaskEnv
from para_bench.geometry import project
from para_bench.replays.replay import replay_job
from para_bench.replays.scene_of import scene_of
from para_bench.replays.video import SCALE, overlay
from para_bench.report.checkpoints import Cost
from para_bench.report.figures.source import Absent, factors, words
from para_bench.report.figures.style import WIDTH_IN
from para_bench.report.inventory import CONTROL, SplitResults
from para_bench.report.levels import levels
from para_bench.report.roster import ConditionKey
from para_bench.rollouts.fence import FAILURES, chunk_problem, crash_reason
from para_bench.rollouts.jobs import Job, rollout_seed
from para_bench.types import ActionChunk, Observation, ParaBenchError

_COLUMNS = 6
_PATH = colormaps["plasma"]
"""Timestep -> colour, first to last."""


def draw(results: list[SplitResults], costs: Mapping[str, Cost]) -> Iterator[tuple[str, Figure]]:
    """One figure a split: every trained head (its first training seed) at the start of the same scene.

    Every checkpoint is loaded and asked before this returns, so that one that fails stops a command before its first file.

    Raises:
        ParaBenchError: a checkpoint cannot be loaded or fails.
        Absent: the checkpoints of the records are missing; raised when the first figure is asked for.
    """
    asked: list[tuple[str, str, dict[str, tuple[Observation, ActionChunk]]]] = []
    for result in results:
        condition = typical(result)
        records = {head: result.roster.episodes[head, condition][0][0] for head in result.learned}
        if records and all(record.checkpoint_hash in costs for record in records.values()):
            plans = {head: _plan(replay_job(r, costs[r.checkpoint_hash].folder.parents[1])) for head, r in records.items()}
            index = result.expected.indices(condition)[0]
            asked.append((result.split, f"{words(result.split)}: {words(condition[0])} {condition[1]}, scene {index}", plans))
    return _figures(asked)


def _figures(asked: list[tuple[str, str, dict[str, tuple[Observation, ActionChunk]]]]) -> Iterator[tuple[str, Figure]]:
    if not asked:
        raise Absent("needs the checkpoints of the records (folder `checkpoints` beside the splits)")
    for split, title, plans in asked:
        yield f"strip_{split}", _figure(plans, title)


def typical(result: SplitResults) -> ConditionKey:
    """The middle level of the split's first factor; the control where there is no factor."""
    found = factors(result)
    members = levels(result.expected, found[0]) if found else [CONTROL]
    return members[len(members) // 2]


def _plan(job: Job) -> tuple[Observation, ActionChunk]:
    """The first look of an episode, and the head's prediction for it."""
    env, policy = TaskEnv(image_size=job.image_size), job.policy
    env.start(scene_of(job))
    observation = env.observe(policy.sees_depth)
    try:
        policy.begin(env, np.random.default_rng(rollout_seed(job)))
        chunk = policy.act(observation)
        problem = chunk_problem(chunk)
    except KeyboardInterrupt:
        raise
    except FAILURES as error:
        raise ParaBenchError(f"head {job.head!r} has no plan to draw: {crash_reason(error)}; allowed: figures without --strip") from error
    finally:
        env.close()
    if problem:
        raise ParaBenchError(f"head {job.head!r} has no plan to draw: {problem}; allowed: figures without --strip")
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
