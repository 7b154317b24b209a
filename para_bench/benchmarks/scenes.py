"""Scene i of a condition: a pure function of (suite version, split, condition, i), whoever asks and in whatever order."""

from __future__ import annotations

import zlib
from functools import lru_cache

import numpy as np

from para_bench.benchmarks.conditions import CONTROL, Condition, Split, TrainingSet
from para_bench.envs.sampling import sample_scene
from para_bench.envs.shifts import shifted
from para_bench.types import SUITE_VERSION, Scene


def test_scene(split: Split, condition: Condition, index: int) -> Scene:
    """The shifted scene; the same index under the control gives the scene it was shifted from."""
    control = _control_scene(split, index)
    if condition.key == CONTROL.key:
        return control
    return shifted(condition.shift, control, _rng("shift", split.stream, split.name, str(split.version), *condition.key, str(index)))


def training_scene(training: TrainingSet, index: int, demo_seed: int) -> Scene:
    """Scene of one training demonstration; the first n are a prefix of the first n + 1."""
    return sample_scene(_rng("train", training.name, str(demo_seed), str(index)), training.placement)


def validation_scene(training: TrainingSet, index: int) -> Scene:
    """Scenes for validation curves: from the training distribution, apart from training and test scenes."""
    return sample_scene(_rng("validation", training.name, str(index)), training.placement)


@lru_cache(maxsize=4096)
def _control_scene(split: Split, index: int) -> Scene:
    return sample_scene(_rng(split.stream, split.name, str(split.version), str(index)), split.placement, also_from=split.also_from)


def _rng(*words: str) -> np.random.Generator:
    """A stream of its own for every name."""
    return np.random.default_rng([zlib.crc32(word.encode()) for word in (SUITE_VERSION, *words)])
