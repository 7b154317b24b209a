"""Everything that is drawn of one episode through the scene's camera and its webcam."""

from __future__ import annotations

import mujoco
import numpy as np

from para_bench.sim import webcam
from para_bench.sim.rendering import Renderer, height_and_width
from para_bench.types import Scene


class Pictures:
    """Pictures of one compiled scene at one size; only the coloured one goes through the webcam's corruption."""

    def __init__(self, scene: Scene, model: mujoco.MjModel, size: int | tuple[int, int]) -> None:
        """`size`: side, or (height, width) [px].

        Raises:
            ParaBenchError: a size that cannot be drawn; a lens that folds the picture.
        """
        self._scene, self._model, self._size = scene, model, height_and_width(size)
        self._margin = 0
        if (found := scene.corruption) is not None and found.kind == webcam.LENS:
            self._margin = webcam.margin_px(scene.camera.resized(self._size), found.amount)
        self._plain: Renderer | None = None
        self._wide: Renderer | None = None

    def rgb(self, data: mujoco.MjData, look: int) -> np.ndarray:
        """Shape (H, W, 3), uint8. Noise is a pure function of the scene and of `look`, the number of waypoints executed before."""
        corruption = self._scene.corruption
        if corruption is None:
            return self._narrow().rgb(data)
        if corruption.kind == webcam.LENS:
            if self._wide is None:
                self._wide = Renderer(self._model, self._size, self._margin)
            return webcam.distorted(self._wide.rgb(data), self._scene.camera.resized(self._size), corruption.amount)
        return webcam.corrupted(self._narrow().rgb(data), corruption, np.random.default_rng([int(self._scene.hash, 16), look]))

    def depth(self, data: mujoco.MjData) -> np.ndarray:
        """Metres along the optical axis, of a sensor of its own: as without a webcam. Shape (H, W), float32."""
        return self._narrow().depth(data)

    def geoms(self, data: mujoco.MjData) -> np.ndarray:
        """Geom id at each pixel of the picture without a webcam, -1 for none. Shape (H, W), int32."""
        return self._narrow().geoms(data)

    def close(self) -> None:
        """May be called from any thread or process, and more than once."""
        for drawn in (self._plain, self._wide):
            if drawn is not None:
                drawn.close()

    def _narrow(self) -> Renderer:
        if self._plain is None:
            self._plain = Renderer(self._model, self._size)
        return self._plain
