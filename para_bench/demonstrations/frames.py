"""Images of stored states, drawn again when they are needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import torch

from para_bench.data.augmentation import Augmentation, augment, random_turn, turned_depth
from para_bench.data.store import Demonstrations, View
from para_bench.demonstrations.modules import task_modules
from para_bench.demonstrations.samples import samples_of
from para_bench.envs.env import TaskEnv
from para_bench.provenance import closure, versions
from para_bench.tensors import thin_depth
from para_bench.types import Camera, content_hash

DRAWING = ("mujoco", "numpy", "scipy", "pillow")
"""Packages that decide pixels."""


class FrameImages:
    """Images of stored states at one size, original and augmented, drawn when asked for: sample by sample as `samples_of` says."""

    def __init__(self, demonstrations: Demonstrations, size: int, augmentation: Augmentation, seed: int) -> None:
        self._demonstrations, self._size, self._augmentation, self._seed = demonstrations, size, augmentation, seed
        self.samples = samples_of(demonstrations, 1 + augmentation.copies, seed)
        self._env = TaskEnv(image_size=size)
        self._started: tuple[int, View] | None = None

    def __len__(self) -> int:
        return len(self.samples.frame)

    @property
    def key(self) -> str:
        """Names the content of all images: demonstrations, size, augmentation, the code that draws them, and its packages' versions."""
        scene = self._demonstrations.scenes[0]
        code = closure((__name__, *task_modules(scene.task, scene.robot)))
        return content_hash([self._demonstrations.hash, self._size, self._augmentation, self._seed, code, versions(DRAWING)])

    def camera(self, sample: int) -> Camera:
        """The camera of one sample."""
        camera, (frame, copy) = self._view(sample).camera.resized(self._size), self.samples.source(sample)
        return random_turn(camera, self._augmentation, np.random.default_rng([self._seed, frame, copy])) if copy else camera

    def __call__(self, start: int, stop: int) -> np.ndarray:
        """Samples start to stop. Shape (stop - start, H, W, 3), uint8."""
        samples = range(start, min(stop, len(self)))
        drawn: dict[tuple[int, View], np.ndarray] = {}
        for sample in sorted(samples, key=self._place):
            wanted = int(self.samples.frame[sample]), self._view(sample)
            if wanted not in drawn:
                drawn[wanted] = self.frame(*wanted)
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # one image a thread: an image is too small to be shared between threads
        try:
            with ThreadPoolExecutor(threads) as pool:
                originals = [drawn[int(self.samples.frame[sample]), self._view(sample)] for sample in samples]
                return np.stack(list(pool.map(self._sample, samples, originals)))
        finally:
            torch.set_num_threads(threads)

    def depths(self, start: int, stop: int) -> np.ndarray:
        """Depth maps of samples start to stop, each under its own camera. Shape (stop - start, DEPTH_SIZE, DEPTH_SIZE), float32 metres."""
        found, last, depth = [], None, np.empty(0)
        for sample in range(start, min(stop, len(self))):
            frame, copy = self.samples.source(sample)
            view = self._view(sample)
            if (frame, view) != last:
                self._show(frame, view)
                last, depth = (frame, view), self._env.depth()
            camera = view.camera.resized(self._size)
            found.append(turned_depth(depth, camera, self.camera(sample)) if copy else thin_depth(depth))
        return np.stack(found)

    def frame(self, index: int, view: View | None = None) -> np.ndarray:
        """Frame `index` as its scene's camera saw it, or in another view. Shape (H, W, 3), uint8."""
        self._show(index, view or self._own(index))
        return self._env.image()

    def _own(self, frame: int) -> View:
        scene = self._demonstrations.scenes[int(self._demonstrations.frames.episode[frame])]
        return View(scene.camera, scene.room)

    def _view(self, sample: int) -> View:
        frame, view = int(self.samples.frame[sample]), int(self.samples.view[sample])
        return self._own(frame) if view < 0 else self._demonstrations.views[int(self._demonstrations.frames.episode[frame])][view]

    def _place(self, sample: int) -> tuple[int, int, int]:
        """Demonstration, room, frame: an order in which few scenes are compiled."""
        frame, view = int(self.samples.frame[sample]), int(self.samples.view[sample])
        episode = int(self._demonstrations.frames.episode[frame])
        if view < 0:
            return episode, -1, frame
        views = self._demonstrations.views[episode]
        return episode, next(i for i, other in enumerate(views) if other.room is views[view].room), frame

    def _show(self, index: int, view: View) -> None:
        """Put the frame before the camera; a scene is compiled where the demonstration or the room is another one than before."""
        episode = int(self._demonstrations.frames.episode[index])
        before = self._started
        if before is None or before[0] != episode or before[1].room != view.room:
            self._env.start(replace(self._demonstrations.scenes[episode], camera=view.camera, room=view.room))
        elif before[1].camera != view.camera:
            self._env.simulation.look_from(view.camera)
        self._started = episode, view
        self._env.simulation.set_qpos(self._demonstrations.frames.qpos[index])

    def _sample(self, sample: int, image: np.ndarray) -> np.ndarray:
        frame, copy = self.samples.source(sample)
        if copy == 0:
            return image
        rng = np.random.default_rng([self._seed, frame, copy, 1])  # colours; the turn has a stream of its own
        return augment(image, self._view(sample).camera.resized(self._size), self.camera(sample), self._augmentation, rng)
