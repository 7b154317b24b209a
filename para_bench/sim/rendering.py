"""Images from a model, drawn off screen."""

from __future__ import annotations

import numbers

import mujoco
import numpy as np

from para_bench.sim import surface
from para_bench.types import ParaBenchError

MAX_SIZE_PX = 4096


def check_size(size: int | tuple[int, int]) -> None:
    """Raises ParaBenchError for an image size, a side or (height, width), that cannot be drawn."""
    sides = size if isinstance(size, tuple | list) and len(size) == 2 else (size,)
    if not all(isinstance(side, numbers.Integral) and 16 <= side <= MAX_SIZE_PX for side in sides):
        raise ParaBenchError(f"image size is {size} px; allowed: 16 to {MAX_SIZE_PX}, one side or (height, width)")


def height_and_width(size: int | tuple[int, int]) -> tuple[int, int]:
    """Both sides [px].

    Raises:
        ParaBenchError: cannot be drawn.
    """
    check_size(size)
    height, width = size if isinstance(size, tuple | list) else (size, size)
    return int(height), int(width)


class Renderer:
    """Draws one model through its camera `main` at one size, from any thread."""

    def __init__(self, model: mujoco.MjModel, size: int | tuple[int, int], margin_px: int = 0) -> None:
        """Draws nothing yet.

        Args:
            model: Compiled scene.
            size: Side, or (height, width) [px]; the camera's vertical field of view fills the height.
            margin_px: Further pixels of the same size on each side.
        """
        height, width = height_and_width(size)
        self.height, self.width = height + 2 * margin_px, width + 2 * margin_px
        self.model, self._wider = model, self.height / height
        self._surface = surface.of_this_thread()
        self._rect = mujoco.MjrRect(0, 0, self.width, self.height)
        self._camera = mujoco.MjvCamera()
        self._camera.type = mujoco.mjtCamera.mjCAMERA_FIXED
        self._camera.fixedcamid = model.camera("main").id
        self._options = mujoco.MjvOption()
        self._options.sitegroup[:] = 0
        with self._surface.current():
            model.vis.global_.offwidth, model.vis.global_.offheight = self.width, self.height
            self._scene = mujoco.MjvScene(model, maxgeom=500)
            try:
                context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_50)
            except mujoco.FatalError as error:
                raise surface.no_opengl(error) from None
            context.readDepthMap = mujoco.mjtDepthMap.mjDEPTH_ZEROFAR  # keeps the precision of the buffer
        self._context: mujoco.MjrContext | None = context

    def rgb(self, data: mujoco.MjData) -> np.ndarray:
        """Shape (height, width, 3), uint8."""
        with self._surface.current():
            self._draw(data)
            return np.ascontiguousarray(self._colours())

    def depth(self, data: mujoco.MjData) -> np.ndarray:
        """Metres along the optical axis. Shape (height, width), float32."""
        buffer = np.empty((self.height, self.width), np.float32)
        with self._surface.current():
            self._draw_labels(data)
            mujoco.mjr_readPixels(None, buffer, self._rect, self._context)
        near, far = (plane * self.model.stat.extent for plane in (self.model.vis.map.znear, self.model.vis.map.zfar))
        metres = near * far / (buffer[::-1].astype(float) * (far - near) + near)  # the buffer holds 1 at the near plane, 0 at the far one
        return metres.astype(np.float32)

    def geoms(self, data: mujoco.MjData) -> np.ndarray:
        """Geom id seen at each pixel, -1 for none. Shape (height, width), int32."""
        with self._surface.current():
            self._draw_labels(data)
            image = self._colours()
            drawn = [(geom.segid, geom.objtype, geom.objid) for geom in self._scene.geoms[: self._scene.ngeom]]
        label = (image.astype(np.int32) << np.array([0, 8, 16])).sum(-1)  # 0: nothing, else number in the drawn scene + 1
        ids = np.full(len(drawn) + 1, -1, np.int32)
        for number, kind, geom in drawn:
            if number >= 0 and kind == mujoco.mjtObj.mjOBJ_GEOM:
                ids[number + 1] = geom
        return ids[label]

    def _colours(self) -> np.ndarray:
        image = np.empty((self.height, self.width, 3), np.uint8)
        mujoco.mjr_readPixels(image, None, self._rect, self._context)
        return image[::-1]

    def _draw_labels(self, data: mujoco.MjData) -> None:
        """Each geom in a flat colour that says its number, which draws faster than light and shadow."""
        flags = self._scene.flags.copy()
        self._scene.flags[mujoco.mjtRndFlag.mjRND_SEGMENT] = self._scene.flags[mujoco.mjtRndFlag.mjRND_IDCOLOR] = True
        self._scene.flags[mujoco.mjtRndFlag.mjRND_SHADOW] = False
        self._draw(data)
        self._scene.flags[:] = flags

    def _draw(self, data: mujoco.MjData) -> None:
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._context)  # another renderer may have bound its own since
        fovy, camera = self.model.cam_fovy, self._camera.fixedcamid
        own = float(fovy[camera])
        fovy[camera] = own if self._wider == 1 else 2 * np.degrees(np.arctan(self._wider * np.tan(np.radians(own) / 2)))
        mujoco.mjv_updateScene(self.model, data, self._options, mujoco.MjvPerturb(), self._camera, mujoco.mjtCatBit.mjCAT_ALL, self._scene)
        fovy[camera] = own
        mujoco.mjr_render(self._rect, self._scene, self._context)

    def close(self) -> None:
        """May be called from any thread or process, and more than once; frees nothing that another renderer uses."""
        context, self._context = getattr(self, "_context", None), None
        if context is not None:
            self._surface.discard(context)

    def __del__(self) -> None:
        self.close()
