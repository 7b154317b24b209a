"""Scene i of a condition: a pure function of (suite version, split, condition, i), whoever asks and in whatever order."""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from para_bench.benchmarks.conditions import CONTROL, DEFAULT_VIEW, Condition, Split, TrainingSet, Views
from para_bench.benchmarks.grids import grid_places
from para_bench.benchmarks.versions import find_version
from para_bench.envs.fair import problems
from para_bench.envs.sampling import ATTEMPTS, CAMERA_DISTANCE_M, CAMERA_ELEVATION_DEG, DEFAULT_CAMERA, Placement, Region, sample_scene
from para_bench.envs.shifts import shifted
from para_bench.sim.cameras import default_camera_pose
from para_bench.types import Camera, ParaBenchError, Scene


def test_scene(split: Split, condition: Condition, index: int) -> Scene:
    """The shifted scene; the same index under the control gives the scene it was shifted from."""
    control = _control_scene(split, index)
    if condition.key == CONTROL.key:
        return control
    words = ("shift", split.stream, split.name, str(split.version), *(condition.scenes_of or condition.key), str(index))
    return shifted(condition.shift, control, _rng(split.suite_version, *words))


def training_scene(training: TrainingSet, index: int, demo_seed: int, count: int) -> Scene:
    """Scene of training demonstration `index` of `count`; without a grid the first n are a prefix of the first n + 1."""
    rng = _rng(training.suite_version, "train", training.name, str(demo_seed), str(index))
    if training.grid:
        return _on_grid(training, index, count, rng)
    return _drawn(training, rng, training.placement, camera=_camera(training.views, rng))


def validation_scene(training: TrainingSet, index: int) -> Scene:
    """Scenes for validation curves: from the training distribution, apart from training and test scenes."""
    rng = _rng(training.suite_version, "validation", training.name, str(index))
    return _drawn(training, rng, training.placement, camera=_camera(training.views, rng))


@lru_cache(maxsize=4096)
def _control_scene(split: Split, index: int) -> Scene:
    rng = _rng(split.suite_version, split.stream, split.name, str(split.version), str(index))
    for _ in range(ATTEMPTS):
        camera = _camera(split.views, rng)
        scene = _drawn(split, rng, split.placement, camera=camera, also_from=split.also_from)
        if not any(problems(shift(scene, rng)) for shift in split.also_under):
            return scene
    raise ParaBenchError(f"split {split.name} has no scene {index} that is fair under all its shifts; allowed: a wider placement")


def _on_grid(training: TrainingSet, index: int, count: int, rng: np.random.Generator) -> Scene:
    """The object at place `index` of the grid; where the arm cannot reach it, as near as it can on the way to the region's middle."""
    region = training.placement.object
    place, middle = grid_places(region, count)[index], (np.array(region.low) + region.high) / 2
    for part in np.linspace(1, 0, 21):
        spot = tuple((middle + part * (place - middle)).tolist())
        try:
            where = Placement(Region(spot, spot), training.placement.target)
            return _drawn(training, rng, where, camera=_camera(training.views, rng))
        except ParaBenchError:
            continue
    raise ParaBenchError(f"training set {training.name} has no fair scene on its grid; allowed: a region that the arm reaches")


def _camera(views: Views, rng: np.random.Generator) -> Camera:
    if views == DEFAULT_VIEW:
        return DEFAULT_CAMERA
    azimuth, elevation = rng.uniform(*views.azimuth_deg), rng.uniform(*views.elevation_deg)
    return Camera(*default_camera_pose(CAMERA_DISTANCE_M, azimuth, CAMERA_ELEVATION_DEG + elevation), fovy_deg=DEFAULT_CAMERA.fovy_deg)


def _drawn(of: Split | TrainingSet, rng: np.random.Generator, placement: Placement, **where: Any) -> Scene:
    """A fair scene of the task, the robot, the world and the rules of a split or training set."""
    scene = sample_scene(rng, placement, task=of.task, robot=of.robot, world=of.world, **where)
    return replace(scene, rules=find_version(of.suite_version).rules)


def _rng(suite_version: int, *words: str) -> np.random.Generator:
    """A stream of its own for every name, in every version of the suite."""
    return np.random.default_rng([zlib.crc32(word.encode()) for word in (str(suite_version), *words)])
