"""A LeRobot data set that was exported from here -> its demonstrations, even where lerobot's tools have removed some since.

The Parquet files are read as they are: lerobot's own reader rounds numbers to float32.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow
from pyarrow import parquet

from para_bench.data.store import Demonstrations, Frames, View
from para_bench.envs.scenes import scene_from_dict
from para_bench.lerobot_data import features as f
from para_bench.records.documents import read_json, reason
from para_bench.records.values import count, fields, listing, name, one_of, table
from para_bench.tensors import pixel_shares, unit_intrinsics
from para_bench.types import ACTIONS, ParaBenchError, from_dict

NEEDED = "a LeRobot data set of version 3 written by `para-bench export-lerobot`"


class Imported(NamedTuple):
    """Demonstrations, and what the data set says of them."""

    demonstrations: Demonstrations
    suite_version: str
    left_out: int
    """Number of demonstrations that were exported and are missing now."""
    unchanged: bool
    """Whether they are all of what was exported, without a change."""


def import_dataset(folder: Path) -> Imported:
    """The demonstrations of a data set folder, with their views where they have several.

    Raises:
        ParaBenchError: no LeRobot data set, not written by para-bench, damaged, or with a part of a demonstration.
    """
    _check_info(folder)
    about = read_json(folder / f.ABOUT, _ABOUT, NEEDED)
    if about is None:
        raise ParaBenchError(f"{folder} has no {f.ABOUT}: its scenes cannot be drawn again; allowed: {NEEDED}")
    columns = _columns(folder)
    kept, seen = np.unique(columns[f.SCENE]), columns[f.VIEW]
    if not len(kept) or kept[0] < 0 or kept[-1] >= len(about["scenes"]):
        raise ParaBenchError(f"{folder} has frames of scenes {kept[:1]} to {kept[-1:]}; allowed: 0 to {len(about['scenes']) - 1}")
    views, chosen, parts = about["views"], [], []
    for scene in map(int, kept):
        own = np.flatnonzero(columns[f.SCENE] == scene)
        found = [int(view) for view in np.unique(seen[own])]
        if views and not set(found) <= set(range(len(views[scene]))):
            raise ParaBenchError(f"{folder} has view {found[-1]} of scene {scene}; allowed: 0 to {len(views[scene]) - 1}")
        chosen.append(tuple(views[scene][view] for view in found) if views else ())
        first = own[seen[own] == found[0]]
        parts.append(first[np.argsort(columns[f.TIMESTEP][first], kind="stable")])
        _check_whole(folder, scene, columns[f.TIMESTEP][parts[-1]], about["stride"])
    scenes = tuple(about["scenes"][scene] for scene in kept)
    order, lengths = np.concatenate(parts), [len(part) for part in parts]
    cameras = [scene.camera for scene, length in zip(scenes, lengths, strict=True) for _ in range(length)]
    exact = {field: columns[column][order] for column, field in f.EXACT.items()}
    frames = Frames(
        episode=np.repeat(np.arange(len(scenes)), lengths),
        timestep=columns[f.TIMESTEP][order],
        gripper_pixel=np.stack([pixel_shares(pose[:3], camera) for pose, camera in zip(exact["gripper_pose"], cameras, strict=True)]),
        intrinsics=np.stack([unit_intrinsics(camera) for camera in cameras]),
        world_from_camera=np.stack([camera.world_from_camera for camera in cameras]),
        **exact,
    )
    made = Demonstrations(scenes, frames, about["stride"])
    made = replace(made, views=tuple(chosen)) if views else made
    return Imported(made, about["suite_version"], len(about["scenes"]) - len(scenes), made.hash == about["hash"])


def _check_info(folder: Path) -> None:
    info = read_json(folder / "meta" / "info.json", table, NEEDED)
    if info is None:
        raise ParaBenchError(f"{folder} has no meta/info.json; allowed: {NEEDED}")
    if info.get("codebase_version") != f.FORMAT:
        raise ParaBenchError(f"{folder} is of codebase_version {info.get('codebase_version')!r}; allowed: {f.FORMAT!r}")


def _columns(folder: Path) -> dict[str, np.ndarray]:
    """Columns of all frames in order, by name: shapes (N,) or (N, width), float64 or int64."""
    names = [*f.EXACT, f.SCENE, f.VIEW, f.TIMESTEP]
    files = sorted((folder / "data").glob("*/*.parquet"))
    if not files:
        raise ParaBenchError(f"{folder} has no data/*/*.parquet; allowed: {NEEDED}")
    try:
        found = pyarrow.concat_tables([parquet.read_table(file, columns=names) for file in files])
        columns = {column: np.array(found[column].to_pylist()) for column in names}
    except (OSError, KeyError, ValueError, pyarrow.ArrowException) as error:
        raise ParaBenchError(f"the data of {folder} cannot be read ({reason(error)}); allowed: {NEEDED}") from None
    for column, value in columns.items():
        whole = column not in f.EXACT
        widths = {"label.waypoint": ACTIONS.dim, "label.gripper_pose": 7, "label.qpos": value.shape[-1]}
        shape = (len(value), widths[column]) if column in widths else (len(value),)
        if value.dtype.kind != ("i" if whole else "f") or value.shape != shape or not np.isfinite(value).all():
            allowed = f"{'whole' if whole else 'finite'} numbers of shape {shape}"
            raise ParaBenchError(f"{column} of {folder} is {value.dtype} of shape {value.shape}; allowed: {allowed}")
    return columns


def _check_whole(folder: Path, scene: int, timesteps: np.ndarray, stride: int) -> None:
    """Refuses a demonstration without all of its offsets: waypoints of one are no waypoints of another."""
    if (np.diff(timesteps) <= 0).any() or (stride > 1 and not np.array_equal(timesteps, np.arange(len(timesteps)))):
        raise ParaBenchError(f"{folder} has only some of the {stride} episodes of scene {scene}; allowed: all of them, or none")


_ABOUT = fields(
    {
        "format": one_of(1),
        "suite_version": name,
        "action_spec": one_of(ACTIONS.text),
        "stride": count(1000, 1),
        "hash": name,
        "scenes": listing(scene_from_dict),
        "views": lambda value: from_dict(tuple[tuple[View, ...], ...], value),
    }
)
