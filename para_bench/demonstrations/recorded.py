"""A folder of demonstrations that are recorded one by one: each is safe on disk before the next begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np

from para_bench.data.store import Demonstrations, Frames, load, save
from para_bench.envs.scenes import scene_from_dict
from para_bench.files import make_folder
from para_bench.types import ParaBenchError

PARTS = "recorded"
"""Folder of the single demonstrations, below that of all of them."""


class RecordedFolder:
    """Holds the files that `para-bench demos` writes, made from the store of each demonstration in PARTS."""

    def __init__(self, folder: Path, task: str, robot: str, suite_version: str) -> None:
        """Reads what was recorded before.

        Raises:
            ParaBenchError: the folder holds demonstrations that were not recorded, or of another task or robot; or cannot be written.
        """
        self.folder, self._suite_version = folder, suite_version
        parts = sorted(path.parent for path in (folder / PARTS).glob("*/meta.json"))
        if not parts and (folder / "meta.json").exists():
            raise ParaBenchError(f"{folder} holds demonstrations that were not recorded; allowed: a new folder, or one of `teleop`")
        self.found = [load(part, scene_from_dict) for part in parts]
        for scene in (scene for one in self.found for scene in one.scenes):
            if (scene.task, scene.robot) != (task, robot):
                raise ParaBenchError(f"{folder} holds demonstrations of {scene.task} with {scene.robot}; allowed: {task} with {robot}")
        make_folder(folder)
        if self.found:
            save(joined(self.found), folder, suite_version)  # the last demonstration may be missing there, if recording was cut off

    def add(self, one: Demonstrations) -> None:
        """Write a further demonstration, whole or not at all.

        Raises:
            ParaBenchError: it cannot be written.
        """
        save(one, self.folder / PARTS / f"{len(self.found):04d}", self._suite_version)
        self.found.append(one)
        save(joined(self.found), self.folder, self._suite_version)


def joined(parts: Sequence[Demonstrations]) -> Demonstrations:
    """Several stores as one, in order.

    Raises:
        ParaBenchError: they have different numbers of frames a waypoint.
    """
    if len(strides := list(dict.fromkeys(part.stride for part in parts))) > 1:
        raise ParaBenchError(f"demonstrations have {', '.join(map(str, strides))} frames a waypoint; allowed: one number")
    scenes = tuple(scene for part in parts for scene in part.scenes)
    starts = np.cumsum([0, *(len(part.scenes) for part in parts)])
    columns = {f.name: np.concatenate([getattr(part.frames, f.name) for part in parts]) for f in fields(Frames)}
    columns["episode"] = np.concatenate([part.frames.episode + start for part, start in zip(parts, starts, strict=False)])
    return Demonstrations(scenes, Frames(**columns), parts[0].stride)
