"""Replayed episodes as a video: the policy's view with its heatmap, or another view with the predicted path; side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from para_bench.files import writing
from para_bench.geometry import project
from para_bench.replays.replay import Moment, Replay
from para_bench.replays.video import FRAMES_PER_S, SCALE, annotate, clamped_words, overlay, write_video
from para_bench.types import Camera, ParaBenchError

SUFFIXES = (".mp4", ".gif")
HOLD_S = 1
"""How long the last picture stays."""
GAP_PX = 6


def film(replays: Sequence[Replay]) -> list[np.ndarray]:
    """Frames of several replays next to each other, step by step; one that has ended keeps its last picture."""
    strips = [[_picture(replay, moment) for moment in replay.moments] for replay in replays]
    side = max(strip[0].shape[0] for strip in strips)  # policies may look at images of different sizes
    strips = [[_resized(picture, side) for picture in strip] for strip in strips]
    gap = np.full((side, GAP_PX, 3), 255, np.uint8)
    frames = []
    for pictures in zip_longest(*strips):
        shown = [strip[-1] if picture is None else picture for picture, strip in zip(pictures, strips, strict=True)]
        frames.append(np.concatenate([part for picture in shown for part in (gap, picture)][1:], axis=1))
    return frames + [frames[-1]] * (HOLD_S * FRAMES_PER_S)


def write_film(path: Path, frames: Sequence[np.ndarray], width_px: int | None = None, speed: float = 1.0) -> None:
    """An mp4 or GIF, by the path's suffix, `width_px` wide; `speed` 1 is real time.

    Raises:
        ParaBenchError: another suffix, or a path that cannot be written.
    """
    if path.suffix not in SUFFIXES:
        raise ParaBenchError(f"--out {path}; allowed: a file that ends in {' or '.join(SUFFIXES)}")
    scaled = [_resized(frame, width_px) for frame in frames]
    if path.suffix == ".gif":
        with writing(path) as partial:
            _write_gif(partial, scaled, FRAMES_PER_S * speed)
    else:
        write_video(path, scaled, FRAMES_PER_S * speed)


def _picture(replay: Replay, moment: Moment) -> np.ndarray:
    where = f"step {moment.step}" if moment.chunk else replay.outcome.reason
    words = f"{replay.record.head}  {where}{clamped_words(moment.clamped)}"
    seen = overlay(moment.image, moment.chunk, moment.index)
    if moment.other is None or replay.other_camera is None:
        return annotate(seen, words)
    picture = overlay(moment.other, None, 0).copy()
    if moment.chunk is not None:
        picture = _with_path(picture, moment.chunk.actions[moment.index :, :3], replay.other_camera.resized(picture.shape[0]))
    side = picture.shape[0] // 3
    picture[-side:, -side:] = np.asarray(Image.fromarray(seen).resize((side, side), Image.Resampling.LANCZOS))  # what the policy sees
    return annotate(picture, words)


def _with_path(picture: np.ndarray, waypoints: np.ndarray, camera: Camera) -> np.ndarray:
    """Dots where the waypoints (T, 3) [m, world] that are still predicted lie in the picture."""
    pixels, depth = project(waypoints, camera)
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    for (u, v), metres in zip(pixels, depth, strict=True):
        if metres > 0:
            draw.ellipse((u - 2 * SCALE, v - 2 * SCALE, u + 2 * SCALE, v + 2 * SCALE), fill=(253, 231, 37), outline=(0, 0, 0))
    return np.array(image)


def _resized(frame: np.ndarray, width_px: int | None) -> np.ndarray:
    if width_px in (None, frame.shape[1]):
        return frame
    height = round(frame.shape[0] * width_px / frame.shape[1])
    size = (width_px - width_px % 2, height - height % 2)  # video codecs want even sides
    return np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.LANCZOS))


def _write_gif(path: Path, frames: Sequence[np.ndarray], frames_per_s: float) -> None:
    """One palette for all frames and no dithering, so that what stands still costs nothing.

    Coverage first, not area, chooses the colours: an object or a heatmap is a small part of a picture.
    """
    sample = Image.fromarray(np.concatenate(frames[:: max(1, len(frames) // 6)]))
    palette = sample.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=3)
    images = [Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    images[0].save(path, save_all=True, append_images=images[1:], duration=round(1000 / frames_per_s), loop=0, optimize=True)
