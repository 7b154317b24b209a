"""A rollout as mp4, with the head's heatmaps over its images."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imageio.v2 as imageio
import numpy as np
from matplotlib import colormaps
from PIL import Image, ImageDraw

from para_bench.envs.env import TaskEnv
from para_bench.files import writing
from para_bench.replays.scene_of import scene_of
from para_bench.rollouts.jobs import Job, rollout_seed
from para_bench.rollouts.rollout import rollout
from para_bench.types import ActionChunk, Observation

FRAMES_PER_S = 4
"""About the pace of the waypoints: the video runs in real time."""
SCALE = 2
"""Frames are this many times as large as the policy's image."""


@dataclass(frozen=True)
class VideoJob:
    job: Job
    path: Path


def record_video(video: VideoJob) -> Path:
    """Run the rollout of a job and film it; returns the file."""
    job = video.job
    env, frames, scene = TaskEnv(image_size=job.image_size), [], scene_of(job)

    def watch(env: TaskEnv, observation: Observation | None, chunk: ActionChunk, index: int) -> None:
        words = f"step {env.steps}  look {env.steps - index}{clamped_words(env.clamped_waypoints)}"
        frames.append(annotate(overlay(env.render(), chunk, index), words))

    outcome = rollout(env, scene, job.policy, rollout_seed(job), watch, job.replan_steps)
    ends = f"{outcome.reason}{clamped_words(outcome.clamped_waypoints)}"
    frames += [annotate(overlay(env.render(), None, 0), ends)] * FRAMES_PER_S
    env.close()
    write_video(video.path, frames, FRAMES_PER_S)
    return video.path


def clamped_words(waypoints: int) -> str:
    """For a caption: how many waypoints so far were driven as far as the arm reaches; nothing for none."""
    return f"  {waypoints} clamped" if waypoints else ""


def write_video(path: Path, frames: Iterable[np.ndarray], frames_per_s: float) -> None:
    """An mp4 of frames (H, W, 3) uint8 with even sides; the file appears only when it is complete.

    Raises:
        ParaBenchError: it cannot be written completely.
    """
    with writing(path) as partial:
        how = {"fps": frames_per_s, "macro_block_size": 2, "ffmpeg_log_level": "quiet"}
        writer: Any = imageio.get_writer(partial, format="FFMPEG", **how)  # type: ignore[arg-type]
        with writer:
            for frame in frames:
                writer.append_data(frame)
        if partial.is_file() and not _is_whole(partial):  # ffmpeg's failures raise no exception
            raise OSError(f"ffmpeg left a cut video, {shutil.disk_usage(partial.parent).free / 1e6:.0f} MB are free")


def _is_whole(path: Path) -> bool:
    """Whether the boxes of an mp4 fill the file to its end and the index of its frames (`moov`, written last) is among them."""
    names, size = set[bytes](), path.stat().st_size
    with path.open("rb") as file:
        while (start := file.tell()) < size:
            length, name = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
            if length == 1:  # a 64-bit length follows
                length = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))[0]
            if length < 8 or start + length > size:
                return False
            names.add(name)
            file.seek(start + length)
    return {b"ftyp", b"moov", b"mdat"} <= names


def overlay(image: np.ndarray, chunk: ActionChunk | None, index: int) -> np.ndarray:
    """The image (H, W, 3) enlarged, with the heatmap of timestep `index` of the chunk over it where there is one."""
    size = image.shape[0] * SCALE
    picture = np.asarray(Image.fromarray(image).resize((size, size), Image.Resampling.BICUBIC))
    if chunk is None or chunk.heatmaps is None:
        return picture
    heat = chunk.heatmaps[index] / max(float(chunk.heatmaps[index].max()), 1e-9)
    heat = np.asarray(Image.fromarray(heat.astype(np.float32)).resize((size, size), Image.Resampling.BILINEAR))[..., None]
    colour = 255 * colormaps["viridis"](0.3 + 0.7 * heat[..., 0])[..., :3]
    weight = 0.75 * np.clip(heat, 0, 1)
    return ((1 - weight) * picture + weight * colour).round().astype(np.uint8)


def annotate(picture: np.ndarray, text: str) -> np.ndarray:
    """The picture with text in the corner, in as many lines as it needs."""
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    lines: list[str] = []
    for word in text.split(" "):
        if lines and draw.textlength(f"{lines[-1]} {word}") <= image.width - 8:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    draw.rectangle((0, 0, 8 + max(map(draw.textlength, lines)), 4 + 12 * len(lines)), fill=(0, 0, 0))
    for row, line in enumerate(lines):
        draw.text((4, 2 + 12 * row), line, fill=(255, 255, 255))
    return np.asarray(image)
