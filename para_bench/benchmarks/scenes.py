"""Scene i of a condition: a pure function of (suite version, split, condition, i), whoever asks and in whatever order."""

from __future__ import annotations

import zlib
from functools import lru_cache

import numpy as np

from para_bench.benchmarks.conditions import CONTROL, DEFAULT_VIEW, Condition, Split, TrainingSet, Views
from para_bench.benchmarks.grids import grid_places
from para_bench.envs.fair import problems
from para_bench.envs.sampling import ATTEMPTS, CAMERA_DISTANCE_M, CAMERA_ELEVATION_DEG, DEFAULT_CAMERA, Placement, Region, sample_scene
from para_bench.envs.shifts import shifted
from para_bench.sim.cameras import default_camera_pose
from para_bench.types import SUITE_VERSION, Camera, ParaBenchError, Scene


def test_scene(split: Split, condition: Condition, index: int) -> Scene:
    """The shifted scene; the same index under the control gives the scene it was shifted from."""
    control = _control_scene(split, index)
    if condition.key == CONTROL.key:
        return control
    return shifted(condition.shift, control, _rng("shift", split.stream, split.name, str(split.version), *condition.key, str(index)))


def training_scene(training: TrainingSet, index: int, demo_seed: int, count: int) -> Scene:
    """Scene of training demonstration `index` of `count`; without a grid the first n are a prefix of the first n + 1."""
    rng = _rng("train", training.name, str(demo_seed), str(index))
    if training.grid:
        return _on_grid(training, index, count, rng)
    return sample_scene(rng, training.placement, camera=_camera(training.views, rng), task=training.task, robot=training.robot)


def validation_scene(training: TrainingSet, index: int) -> Scene:
    """Scenes for validation curves: from the training distribution, apart from training and test scenes."""
    rng = _rng("validation", training.name, str(index))
    return sample_scene(rng, training.placement, camera=_camera(training.views, rng), task=training.task, robot=training.robot)


@lru_cache(maxsize=4096)
def _control_scene(split: Split, index: int) -> Scene:
    rng = _rng(split.stream, split.name, str(split.version), str(index))
    for _ in range(ATTEMPTS):
        camera = _camera(split.views, rng)
        scene = sample_scene(rng, split.placement, camera=camera, also_from=split.also_from, task=split.task, robot=split.robot)
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
            return sample_scene(rng, where, camera=_camera(training.views, rng), task=training.task, robot=training.robot)
        except ParaBenchError:
            continue
    raise ParaBenchError(f"training set {training.name} has no fair scene on its grid; allowed: a region that the arm reaches")


def _camera(views: Views, rng: np.random.Generator) -> Camera:
    if views == DEFAULT_VIEW:
        return DEFAULT_CAMERA
    azimuth, elevation = rng.uniform(*views.azimuth_deg), rng.uniform(*views.elevation_deg)
    return Camera(*default_camera_pose(CAMERA_DISTANCE_M, azimuth, CAMERA_ELEVATION_DEG + elevation), fovy_deg=DEFAULT_CAMERA.fovy_deg)


def _rng(*words: str) -> np.random.Generator:
    """A stream of its own for every name."""
    return np.random.default_rng([zlib.crc32(word.encode()) for word in (SUITE_VERSION, *words)])
