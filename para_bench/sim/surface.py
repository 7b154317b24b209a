"""OpenGL contexts: what a picture is drawn with. Made lazily inside the process and the thread that draw."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

import mujoco

from para_bench.sim import display, gl
from para_bench.sim.llvm import load_triton_first
from para_bench.types import ParaBenchError


class Surface:
    """An OpenGL context that is current only while something is drawn, so that any thread may draw with it next.

    A context is current in one thread at a time, and GL calls in a thread without one do nothing, without an error: a black picture.
    """

    def __init__(self) -> None:
        """Raises ParaBenchError: no OpenGL here, or this process was forked from one that has drawn."""
        _check_process()
        load_triton_first()
        try:
            self._gl, self._release = _open()  # its own surface is never drawn on
        except Exception as error:  # every GL back end raises a class of its own
            raise no_opengl(error) from None
        self._lock = threading.Lock()
        self._discarded: deque[mujoco.MjrContext] = deque()
        _opened.add(self)

    @contextmanager
    def current(self) -> Iterator[None]:
        """Draw inside the block; not nested.

        Raises:
            ParaBenchError: this process was forked from the one that opened the context.
        """
        _check_process()
        with self._lock:
            self._gl.make_current()
            try:
                while self._discarded:
                    self._discarded.popleft().free()
                yield
            finally:
                self._release()

    def discard(self, context: mujoco.MjrContext) -> None:
        """Free what was uploaded to this surface when something is drawn next: the garbage collector may call this anywhere."""
        self._discarded.append(context)

    def abandon(self) -> None:
        """Never destroy the context: in a forked process that waits for driver threads which the fork did not copy, or crashes."""
        self._gl._context = None


def of_this_thread() -> Surface:
    """The thread's one context, for every model: opening one costs 80 ms, uploading a model 6 ms. Threads draw in parallel."""
    if not hasattr(_local, "surface"):
        _local.surface = Surface()
    return _local.surface


def no_opengl(error: Exception) -> ParaBenchError:
    """What was tried and why it failed, in one line."""
    tried = [f"{back_end}: {why}" for back_end, why in gl.refused.items()]
    if gl.given or gl.chosen or not tried:
        what = " ".join(str(error).split()) or type(error).__name__
        tried.append(f"{f'MUJOCO_GL={gl.given}' if gl.given else gl.chosen or 'the only one here'}: {what}")
    return ParaBenchError(
        f"cannot open OpenGL ({'; '.join(tried)}); allowed: a machine with libegl1 and libgl1-mesa-dri, "
        "or with libosmesa6 and MUJOCO_GL=osmesa"
    )


_local = threading.local()
_opened: WeakSet[Surface] = WeakSet()
_inherited: list[Surface] = []
"""Surfaces from before a fork, kept for ever with what was uploaded to them."""
_process: int | None = None
"""Id of the process that opened the first context."""


def _check_process() -> None:
    global _process
    if _process is None:
        _process = os.getpid()
    if _process != os.getpid():
        raise ParaBenchError(
            "this process was forked from one that has drawn a picture, and OpenGL does not survive that; allowed: forkserver or spawn, "
            "as in gym.make_vec(..., vector_kwargs={'context': 'forkserver'}), or no picture before the fork"
        )


def _after_fork() -> None:
    _inherited.extend(_opened)
    for surface in _inherited:
        surface.abandon()
    if _inherited and (egl := sys.modules.get("mujoco.egl")):
        vars(egl)["EGL_DISPLAY"] = None  # mujoco terminates it at exit, which waits for those threads as well


def _open() -> tuple[Any, Callable[[], None]]:
    """A context of the chosen back end, and what releases it; where mujoco was imported first, its own choice holds."""
    name = os.environ.get("MUJOCO_GL", "").lower().strip()
    if sys.platform == "linux" and name == "egl":
        from mujoco import egl

        none = egl.EGL.EGL_NO_SURFACE, egl.EGL.EGL_NO_SURFACE, egl.EGL.EGL_NO_CONTEXT
        return egl.GLContext(64, 64), lambda: egl.EGL.eglMakeCurrent(egl.EGL_DISPLAY, *none)
    if sys.platform == "linux" and name == "osmesa":
        from mujoco import osmesa

        return osmesa.GLContext(64, 64), lambda: osmesa.osmesa.OSMesaMakeCurrent(None, None, osmesa.GL.GL_FLOAT, 0, 0)
    if sys.platform == "linux" and (why := display.problem()):
        raise ParaBenchError(why)
    context = mujoco.GLContext(64, 64)
    if sys.platform == "darwin" and type(context).__module__ == "mujoco.cgl":
        from mujoco import cgl

        def release() -> None:
            cgl.cgl.CGLUnlockContext(context._context)
            cgl.cgl.CGLSetCurrentContext(None)

        return context, release
    import glfw

    return context, lambda: glfw.make_context_current(None)  # type: ignore[arg-type]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
