"""Which frame, augmented copy and view each training image is of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from para_bench.data.store import Demonstrations


@dataclass(frozen=True)
class Samples:
    """One entry an image (S of them)."""

    frame: np.ndarray
    """Index of its frame. Shape (S,), int."""
    copy: np.ndarray
    """0 is the frame as it was seen, the others are augmented. Shape (S,), int."""
    view: np.ndarray
    """Index into the views of its demonstration; -1 is the scene's own camera and room. Shape (S,), int."""

    def source(self, sample: int) -> tuple[int, int]:
        """Frame and copy of one image."""
        return int(self.frame[sample]), int(self.copy[sample])


def samples_of(demonstrations: Demonstrations, copies: int, seed: int) -> Samples:
    """`copies` images a waypoint, the first of them not augmented.

    Where frames are stored between waypoints, the other copies show those frames in turn instead of one frame again; the number of
    images stays. Views alternate: each block of images has each view once, in a random order of its own, so that copy, phase of
    the task and view are crossed.
    """
    frames, stride = demonstrations.frames, demonstrations.stride
    starts = np.searchsorted(frames.episode, np.arange(len(demonstrations.scenes)))
    stops = np.append(starts[1:], len(frames))
    found_frames, found_views = [], []
    for episode, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        after = np.arange(copies) * stride // copies
        found_frames.append(np.minimum(np.arange(start, stop, stride)[:, None] + after, stop - 1).ravel())
        found_views.append(_turns(demonstrations, episode, len(found_frames[-1]), seed))
    frame = np.concatenate(found_frames)
    return Samples(frame, np.arange(len(frame)) % copies, np.concatenate(found_views))


def _turns(demonstrations: Demonstrations, episode: int, count: int, seed: int) -> np.ndarray:
    if not demonstrations.views:
        return np.full(count, -1)
    views = len(demonstrations.views[episode])
    rng = np.random.default_rng([seed, episode, views])
    return np.concatenate([rng.permutation(views) for _ in range(-(-count // views))])[:count]
