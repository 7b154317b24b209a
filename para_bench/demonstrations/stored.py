"""Demonstrations on disk, found again by a hash of all that decides them."""

from __future__ import annotations

from pathlib import Path

from para_bench.benchmarks.conditions import TrainingSet
from para_bench.benchmarks.scenes import training_scene, validation_scene
from para_bench.data.store import Demonstrations, load, save
from para_bench.demonstrations.collect import collect
from para_bench.envs.scenes import scene_from_dict
from para_bench.sources import sources
from para_bench.types import SUITE_VERSION, content_hash, to_dict

VALIDATION_DEMOS = 6
"""Demonstrations behind validation curves."""
_SCENES = ("benchmarks/scenes.py", "benchmarks/grids.py")
_TRAINING = ("tensors.py", "optimisation", "training/learner.py")
DECIDES = (
    "types.py",
    "geometry.py",
    *_TRAINING,
    "demonstrations/collect.py",
    "demonstrations/frames.py",
    "sim",
    "robots",
    "tasks",
    "envs",
    "data",
    "backbones",
    *_SCENES,
)
"""Source files whose change may change a checkpoint, beside those of its head."""


def demonstrations(training: TrainingSet, count: int, demo_seed: int, out: Path, progress: bool = True) -> Demonstrations:
    """Stored under `out`, collected where they are not there yet. A negative `demo_seed` means validation scenes."""
    key = content_hash([SUITE_VERSION, to_dict(training), count, demo_seed, sources(DECIDES)])
    folder = out / "demonstrations" / f"{training.name}-{count}-{key}"
    if (folder / "meta.json").exists():
        return load(folder, scene_from_dict)
    scenes = [validation_scene(training, i) if demo_seed < 0 else training_scene(training, i, demo_seed, count) for i in range(count)]
    found = collect(scenes, progress)
    save(found, folder)
    return found
