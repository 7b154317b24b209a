"""Dumps -> LeRobotDataset v3, with lerobot's own writer. Runs in the environment with lerobot."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
from lerobot.datasets.lerobot_dataset import LeRobotDataset
from tqdm import tqdm

from parity.dump import STATE_NAMES, WAYPOINT_NAMES, Dump

FPS = 4
"""Of TaskEnv.metadata: a waypoint has no fixed duration, so time is only an order here."""
TASK = "Pick the object up and place it on the plate."
IMAGE = "observation.images.front"


def write(dump: Dump, root: Path) -> None:
    """One episode a demonstration, pictures as PNG, each frame with its camera and the gripper's pixel. All or nothing."""
    partial = root.with_name(f".{root.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    dataset = LeRobotDataset.create(f"para-bench/{root.name}", FPS, _features(dump), partial, "para-bench", use_videos=False)
    frames = {
        IMAGE: dump.image,
        "observation.state": dump.state,
        "observation.intrinsics.front": dump.intrinsics,
        "observation.world_from_camera.front": dump.world_from_camera,
        "observation.gripper_pixel.front": dump.gripper_pixel,
        "action": dump.action,
        "waypoint": dump.waypoint,
    }
    for index in tqdm(range(len(dump)), desc=f"write {root.name}"):
        dataset.add_frame({**{name: values[index] for name, values in frames.items()}, "task": TASK})
        if index + 1 == len(dump) or dump.episode[index + 1] != dump.episode[index]:
            dataset.save_episode()
    dataset.finalize()
    partial.rename(root)


def read(root: Path, delta_timestamps: dict[str, list[float]] | None = None) -> LeRobotDataset:
    """What `write` wrote; never asks the hub."""
    if not (root / "meta" / "info.json").exists():
        raise FileNotFoundError(f"no data set in {root}")
    return LeRobotDataset(f"para-bench/{root.name}", root, delta_timestamps=delta_timestamps)


def _features(dump: Dump) -> dict[str, dict[str, Any]]:
    def values(names: tuple[str, ...] | None, *shape: int) -> dict[str, Any]:
        return {"dtype": "float32", "shape": shape, "names": list(names) if names else None}

    return {
        IMAGE: {"dtype": "image", "shape": dump.image.shape[1:], "names": ["height", "width", "channels"]},
        "observation.state": values(STATE_NAMES, len(STATE_NAMES)),
        "observation.intrinsics.front": values(None, 3, 3),
        "observation.world_from_camera.front": values(None, 4, 4),
        "observation.gripper_pixel.front": values(("u", "v"), 2),
        "action": values(STATE_NAMES, len(STATE_NAMES)),
        "waypoint": values(WAYPOINT_NAMES, len(WAYPOINT_NAMES)),
    }


def same(dump: Dump, root: Path) -> bool:
    """Whether the data set holds what the dump holds, read back frame by frame."""
    dataset = read(root)
    for index in (0, len(dump) // 2, len(dump) - 1):
        item = dataset[index]
        image = (item[IMAGE].numpy().transpose(1, 2, 0) * 255).round().astype(np.uint8)
        found = {name: item[key].numpy() for name, key in (("state", "observation.state"), ("action", "action"), ("waypoint", "waypoint"))}
        found["intrinsics"] = item["observation.intrinsics.front"].numpy()
        found["world_from_camera"] = item["observation.world_from_camera.front"].numpy()
        found["gripper_pixel"] = item["observation.gripper_pixel.front"].numpy()
        if not np.array_equal(image, dump.image[index]) or int(item["episode_index"]) != dump.episode[index]:
            return False
        if not all(np.array_equal(value, getattr(dump, name)[index]) for name, value in found.items()):
            return False
    return len(dataset) == len(dump)
