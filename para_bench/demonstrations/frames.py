"""Images of stored states, drawn again when they are needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch

from para_bench.data.augmentation import Augmentation, augment, random_turn, turned_depth
from para_bench.data.store import Demonstrations
from para_bench.demonstrations.modules import task_modules
from para_bench.envs.env import TaskEnv
from para_bench.provenance import closure
from para_bench.tensors import thin_depth
from para_bench.types import Camera, content_hash


class FrameImages:
    """Images of stored states at one size, original and augmented, drawn when asked for.

    Sample s is copy s % (1 + copies) of frame s // (1 + copies); copy 0 is the frame itself.
    """

    def __init__(self, demonstrations: Demonstrations, size: int, augmentation: Augmentation, seed: int) -> None:
        self._demonstrations, self._size, self._augmentation, self._seed = demonstrations, size, augmentation, seed
        self._env, self._episode = TaskEnv(image_size=size), -1

    @property
    def copies(self) -> int:
        return 1 + self._augmentation.copies

    def __len__(self) -> int:
        return len(self._demonstrations.frames) * self.copies

    @property
    def key(self) -> str:
        """Names the content of all images: demonstrations, size, augmentation, and the code that draws them."""
        scene = self._demonstrations.scenes[0]
        code = closure((__name__, *task_modules(scene.task, scene.robot)))
        return content_hash([self._demonstrations.hash, self._size, self._augmentation, self._seed, code])

    def camera(self, sample: int) -> Camera:
        """The camera of one sample."""
        frame, copy = divmod(sample, self.copies)
        scene = self._demonstrations.scenes[int(self._demonstrations.frames.episode[frame])]
        camera = scene.camera.resized(self._size)
        return random_turn(camera, self._augmentation, np.random.default_rng([self._seed, frame, copy])) if copy else camera

    def __call__(self, start: int, stop: int) -> np.ndarray:
        """Samples start to stop. Shape (stop - start, H, W, 3), uint8."""
        samples = range(start, min(stop, len(self)))
        frames = {frame: self.frame(frame) for frame in sorted({sample // self.copies for sample in samples})}
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # one image a thread: an image is too small to be shared between threads
        try:
            with ThreadPoolExecutor(threads) as pool:
                return np.stack(list(pool.map(lambda sample: self._sample(sample, frames[sample // self.copies]), samples)))
        finally:
            torch.set_num_threads(threads)

    def depths(self, start: int, stop: int) -> np.ndarray:
        """Depth maps of samples start to stop, each under its own camera. Shape (stop - start, DEPTH_SIZE, DEPTH_SIZE), float32 metres."""
        found = []
        for sample in range(start, min(stop, len(self))):
            frame, copy = divmod(sample, self.copies)
            if copy == 0 or not found:
                self._show(frame)
                depth, camera = self._env.depth(), self.camera(frame * self.copies)
            found.append(turned_depth(depth, camera, self.camera(sample)) if copy else thin_depth(depth))
        return np.stack(found)

    def frame(self, index: int) -> np.ndarray:
        """Frame `index` as its camera saw it. Shape (H, W, 3), uint8."""
        self._show(index)
        return self._env.render()

    def _show(self, index: int) -> None:
        episode = int(self._demonstrations.frames.episode[index])
        if episode != self._episode:
            self._env.start(self._demonstrations.scenes[episode])
            self._episode = episode
        self._env.simulation.set_qpos(self._demonstrations.frames.qpos[index])

    def _sample(self, sample: int, image: np.ndarray) -> np.ndarray:
        frame, copy = divmod(sample, self.copies)
        if copy == 0:
            return image
        rng = np.random.default_rng([self._seed, frame, copy, 1])  # colours; the turn has a stream of its own
        return augment(image, self.camera(frame * self.copies), self.camera(sample), self._augmentation, rng)
