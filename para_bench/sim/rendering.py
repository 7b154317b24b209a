"""Images from a model, drawn off screen. GL contexts are made lazily inside the process and thread that draw."""

from __future__ import annotations

import os
import threading

import mujoco
import numpy as np

from para_bench.types import ParaBenchError

MAX_SIZE_PX = 4096
_local = threading.local()


def _make_current() -> None:
    """Opening a GL context costs 80 ms, uploading a model into it 6 ms: one context serves every model of a thread."""
    if not hasattr(_local, "gl"):
        try:
            _local.gl = mujoco.GLContext(64, 64)  # its own surface is never drawn on
        except Exception as error:  # every GL back end raises a class of its own
            raise _no_opengl(error) from None
    _local.gl.make_current()


def _no_opengl(error: Exception) -> ParaBenchError:
    return ParaBenchError(
        f"cannot open OpenGL through MUJOCO_GL={os.environ.get('MUJOCO_GL', 'glfw')} ({error or type(error).__name__}); "
        "install libegl1 and libgl1-mesa-dri (or libosmesa6 and set MUJOCO_GL=osmesa), and import para_bench.envs before mujoco"
    )


def check_size(size: int) -> None:
    """Raises ParaBenchError for an image side that cannot be drawn."""
    if not 16 <= size <= MAX_SIZE_PX:
        raise ParaBenchError(f"image size is {size} px; allowed: 16 to {MAX_SIZE_PX}")


class Renderer:
    """Draws one model through its camera `main` at one size."""

    def __init__(self, model: mujoco.MjModel, size: int) -> None:
        check_size(size)
        self.model, self.size = model, size
        _make_current()
        model.vis.global_.offwidth = model.vis.global_.offheight = size
        self._scene = mujoco.MjvScene(model, maxgeom=500)
        self._options = mujoco.MjvOption()
        self._options.sitegroup[:] = 0
        self._camera = mujoco.MjvCamera()
        self._camera.type = mujoco.mjtCamera.mjCAMERA_FIXED
        self._camera.fixedcamid = model.camera("main").id
        try:
            self._context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_50)
        except mujoco.FatalError as error:  # mujoco was imported, and its back end chosen, before envs/gl.py could choose
            raise _no_opengl(error) from None
        self._context.readDepthMap = mujoco.mjtDepthMap.mjDEPTH_ZEROFAR  # keeps the precision of the buffer
        self._rect = mujoco.MjrRect(0, 0, size, size)

    def rgb(self, data: mujoco.MjData) -> np.ndarray:
        """Shape (size, size, 3), uint8."""
        self._draw(data)
        image = np.empty((self.size, self.size, 3), np.uint8)
        mujoco.mjr_readPixels(image, None, self._rect, self._context)
        return np.ascontiguousarray(image[::-1])

    def depth(self, data: mujoco.MjData) -> np.ndarray:
        """Metres along the optical axis. Shape (size, size), float32."""
        self._draw_labels(data)
        buffer = np.empty((self.size, self.size), np.float32)
        mujoco.mjr_readPixels(None, buffer, self._rect, self._context)
        near, far = (plane * self.model.stat.extent for plane in (self.model.vis.map.znear, self.model.vis.map.zfar))
        metres = near * far / (buffer[::-1].astype(float) * (far - near) + near)  # the buffer holds 1 at the near plane, 0 at the far one
        return metres.astype(np.float32)

    def geoms(self, data: mujoco.MjData) -> np.ndarray:
        """Geom id seen at each pixel, -1 for none. Shape (size, size), int32."""
        self._draw_labels(data)
        image = np.empty((self.size, self.size, 3), np.uint8)
        mujoco.mjr_readPixels(image, None, self._rect, self._context)
        label = (image[::-1].astype(np.int32) << np.array([0, 8, 16])).sum(-1)  # 0: nothing, else number in the drawn scene + 1
        ids = np.full(self._scene.ngeom + 1, -1, np.int32)
        for drawn in self._scene.geoms[: self._scene.ngeom]:
            if drawn.segid >= 0 and drawn.objtype == mujoco.mjtObj.mjOBJ_GEOM:
                ids[drawn.segid + 1] = drawn.objid
        return ids[label]

    def _draw_labels(self, data: mujoco.MjData) -> None:
        """Each geom in a flat colour that says its number, which draws faster than light and shadow."""
        flags = self._scene.flags.copy()
        self._scene.flags[mujoco.mjtRndFlag.mjRND_SEGMENT] = self._scene.flags[mujoco.mjtRndFlag.mjRND_IDCOLOR] = True
        self._scene.flags[mujoco.mjtRndFlag.mjRND_SHADOW] = False
        self._draw(data)
        self._scene.flags[:] = flags

    def _draw(self, data: mujoco.MjData) -> None:
        _make_current()
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._context)  # another renderer may have bound its own since
        mujoco.mjv_updateScene(self.model, data, self._options, mujoco.MjvPerturb(), self._camera, mujoco.mjtCatBit.mjCAT_ALL, self._scene)
        mujoco.mjr_render(self._rect, self._scene, self._context)

    def close(self) -> None:
        _make_current()
        self._context.free()
