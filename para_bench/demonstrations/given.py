"""Demonstrations that a run is given, recorded by a person or imported, in the place of the scripted expert's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from para_bench.benchmarks.conditions import DEFAULT_TRAINING, Split, TrainingSet
from para_bench.benchmarks.versions import find_version
from para_bench.data.store import Demonstrations, Frames, load, save
from para_bench.demonstrations.stored import demonstrations_folder
from para_bench.envs.scenes import scene_from_dict
from para_bench.records.documents import parse_json, read_bytes
from para_bench.types import ParaBenchError

_META = "meta.json"


@dataclass(frozen=True)
class Given:
    """What a run has to know of the demonstrations that it is given."""

    hash: str
    """Hash of the demonstrations, 16 hex digits, wherever they lie."""
    count: int

    def training(self, training: TrainingSet) -> TrainingSet:
        """The training set with these demonstrations instead of the expert's: its name and its checkpoints' names hold their hash."""
        return replace(training, name=f"recorded-{self.hash}")

    def folder(self, split: Split, out: Path) -> Path:
        """Where a run looks for them below its results folder."""
        return demonstrations_folder(self.training(split.training), self.count, 0, out)

    def check_there(self, split: Split, out: Path) -> None:
        """Raises ParaBenchError where they are not below `out`: the expert's would be used instead."""
        meta = self.folder(split, out) / _META
        if not meta.exists() or parse_json(read_bytes(meta)).get("hash") != self.hash:
            raise ParaBenchError(f"demonstrations {self.hash} are not in {meta.parent}; allowed: `run --demos-from` with their folder")


def check_takes(split: Split) -> None:
    """Raises ParaBenchError for a split that sets its own training demonstrations."""
    if split.trainings != (DEFAULT_TRAINING.on(split.task, split.robot).of(find_version(split.suite_version)),):
        raise ParaBenchError(f"--demos-from with split {split.name}, which trains on sets of its own; allowed: a split such as novel_view")


def read_given(folder: Path, split: Split, count: int | None = None) -> Demonstrations:
    """The demonstrations of a folder, the first `count` of them or all.

    Raises:
        ParaBenchError: none there, damaged, of another task, robot or suite version, or fewer than `count`.
    """
    found = load(folder, scene_from_dict)
    version = str(parse_json(read_bytes(folder / _META)).get("suite_version"))
    for scene in found.scenes:
        if (has := (scene.task, scene.robot, version)) != (wants := (split.task, split.robot, str(split.suite_version))):
            words = "{} with {}, suite version {}"
            raise ParaBenchError(f"--demos-from {folder} is of {words.format(*has)}; allowed: {words.format(*wants)}")
    if count is not None and count > len(found.scenes):
        raise ParaBenchError(f"--demos is {count} and --demos-from {folder} has {len(found.scenes)}; allowed: 1 to {len(found.scenes)}")
    return found if count in (None, len(found.scenes)) else _first(found, count)


def place(found: Demonstrations, split: Split, out: Path) -> Given:
    """Copy demonstrations to where a run looks for them below its results folder."""
    given = Given(found.hash, len(found.scenes))
    folder = given.folder(split, out)
    if not (folder / _META).exists():
        save(found, folder, str(split.suite_version))
    return given


def _first(found: Demonstrations, count: int) -> Demonstrations:
    kept = np.flatnonzero(found.frames.episode < count)
    frames = Frames(**{name: value[kept] for name, value in vars(found.frames).items()})
    return replace(found, scenes=found.scenes[:count], frames=frames)
