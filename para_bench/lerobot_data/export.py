"""Demonstrations -> a LeRobot data set, with lerobot's own writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from para_bench.bars import Bar
from para_bench.data.augmentation import Augmentation
from para_bench.data.store import Demonstrations, View
from para_bench.demonstrations.frames import FrameImages
from para_bench.files import write_json, write_text, writing_folder
from para_bench.lerobot_data import features as f
from para_bench.lerobot_data.card import data_card
from para_bench.lerobot_data.installed import lerobot_part
from para_bench.tasks import find_task
from para_bench.types import ACTIONS, to_dict


@dataclass(frozen=True)
class Exported:
    """What was written."""

    episodes: int
    frames: int


class _Episode(NamedTuple):
    scene: int
    view: int
    frames: np.ndarray
    """Indices of the demonstrations' frames, one a waypoint. Shape (n,)."""


def export(demonstrations: Demonstrations, out: Path, image_size: int = 224, video: bool = False, suite_version: str = "1") -> Exported:
    """Write a data set folder, whole or not at all.

    An episode is one demonstration in one of its views, with one frame a waypoint. Of demonstrations with `stride` frames a waypoint each
    offset is an episode of its own: all frames are there, and the next action is always the next waypoint.

    Args:
        demonstrations: What is exported, with their views if they have several.
        out: Folder that does not exist yet.
        image_size: Side of the pictures [px].
        video: Pictures as a video, smaller and not exact, instead of PNG.
        suite_version: For the data card.

    Raises:
        ParaBenchError: lerobot is not installed, or the folder exists already or cannot be written.
    """
    dataset_type = lerobot_part("lerobot.datasets.lerobot_dataset", "LeRobotDataset")
    scenes, frames = demonstrations.scenes, demonstrations.frames
    views = demonstrations.views or tuple((View(scene.camera, scene.room),) for scene in scenes)
    drawn = FrameImages(demonstrations, image_size, Augmentation(copies=0), 0)
    episodes, written = list(_episodes(demonstrations, views)), 0
    with writing_folder(out) as partial, _no_bars_of_others():
        features = f.features(frames.qpos.shape[1], image_size, video)
        dataset = dataset_type.create(
            f"para-bench/{out.name}", f.FPS, features, partial, scenes[0].robot, use_videos=video, video_backend="pyav"
        )
        for episode in Bar(episodes, desc="episodes"):
            view = views[episode.scene][episode.view]
            camera, task = view.camera.resized(image_size), find_task(scenes[episode.scene].task).about
            for index in map(int, episode.frames):
                row = f.values(frames, index, episode.scene, episode.view, camera)
                dataset.add_frame({f.IMAGE: drawn.frame(index, view), **row, "task": task})
            dataset.save_episode()
            written += len(episode.frames)
        dataset.finalize()
        write_json(partial / f.ABOUT, _about(demonstrations, image_size, suite_version), indent=None)
        about, most = find_task(scenes[0].task).about, max(map(len, views))
        write_text(partial / "README.md", data_card(scenes[0], about, len(scenes), len(episodes), written, most, suite_version))
    return Exported(len(episodes), written)


@contextmanager
def _no_bars_of_others() -> Iterator[None]:
    """Hides the progress bar that the library below lerobot's writer shows for every episode."""
    disabled = lerobot_part("datasets", "are_progress_bars_disabled")()
    lerobot_part("datasets", "disable_progress_bars")()
    try:
        yield
    finally:
        if not disabled:
            lerobot_part("datasets", "enable_progress_bars")()


def _episodes(demonstrations: Demonstrations, views: tuple[tuple[View, ...], ...]) -> Iterator[_Episode]:
    for scene in range(len(demonstrations.scenes)):
        own = np.flatnonzero(demonstrations.frames.episode == scene)
        for view in range(len(views[scene])):
            for offset in range(demonstrations.stride):
                yield _Episode(scene, view, own[offset :: demonstrations.stride])


def _about(demonstrations: Demonstrations, image_size: int, suite_version: str) -> dict[str, Any]:
    return {
        "format": 1,
        "suite_version": suite_version,
        "action_spec": ACTIONS.text,
        "stride": demonstrations.stride,
        "image_size": image_size,
        "hash": demonstrations.hash,
        "scenes": [to_dict(scene) for scene in demonstrations.scenes],
        "views": to_dict(demonstrations.views),
    }
