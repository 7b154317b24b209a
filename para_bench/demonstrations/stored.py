"""Demonstrations on disk, found again by a hash of all that decides them."""

from __future__ import annotations

from pathlib import Path

from para_bench.benchmarks.conditions import TrainingSet
from para_bench.benchmarks.scenes import training_scene, validation_scene
from para_bench.benchmarks.versions import find_version
from para_bench.data.store import Demonstrations, load, save
from para_bench.demonstrations.collect import collect
from para_bench.demonstrations.modules import task_modules
from para_bench.envs.scenes import scene_from_dict
from para_bench.provenance import closure
from para_bench.types import content_hash, to_dict

VALIDATION_DEMOS = 6
"""Demonstrations behind validation curves."""


def demonstration_modules(training: TrainingSet) -> tuple[str, ...]:
    """Entry points of demonstrations: what collects them, and the scenes they are of."""
    return ("demonstrations/stored.py", collect.__module__, training_scene.__module__, *task_modules(training.task, training.robot))


def demonstrations_folder(training: TrainingSet, count: int, demo_seed: int, out: Path) -> Path:
    """Where they lie, or will."""
    suite, code = find_version(training.suite_version).decides, closure(demonstration_modules(training))
    key = content_hash([suite, to_dict(training.states), count, demo_seed, code])
    return out / "demonstrations" / f"{training.name}-{count}-{key}"


def demonstrations(training: TrainingSet, count: int, demo_seed: int, out: Path, progress: bool = True) -> Demonstrations:
    """Stored under `out`, collected where they are not there yet. A negative `demo_seed` means validation scenes."""
    folder = demonstrations_folder(training, count, demo_seed, out)
    if (folder / "meta.json").exists():
        return load(folder, scene_from_dict)
    scenes = [validation_scene(training, i) if demo_seed < 0 else training_scene(training, i, demo_seed, count) for i in range(count)]
    found = collect(scenes, progress, find_version(training.suite_version).frame_s)
    found = found.at_waypoints() if demo_seed < 0 else found
    save(found, folder, str(training.suite_version))
    return found
