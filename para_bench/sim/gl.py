"""Chooses MuJoCo's OpenGL back end; imported before mujoco anywhere, since mujoco reads the choice once."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable

from para_bench.sim import display
from para_bench.sim.llvm import load_triton_first
from para_bench.types import ParaBenchError

BACK_ENDS = ("egl", "osmesa", "glfw", "glx")


def choose() -> tuple[str, dict[str, str]]:
    """The first back end that works here, empty for none, and why each one before it does not.

    EGL needs no display and has the GPU, so it comes first even where DISPLAY is set.
    """
    order = ["egl", "glfw", "osmesa"]
    if "mujoco" in sys.modules:  # mujoco has chosen glfw already; other code may draw with it
        order = ["glfw", "egl", "osmesa"]
    problems: dict[str, str] = {}
    for name in order:
        why = _PROBLEMS[name]()
        if not why:
            return name, problems
        problems[name] = why
    return "", problems


def _egl_problem() -> str:
    """Asks for devices and opens none."""
    platform = os.environ.get("PYOPENGL_PLATFORM", "")
    if platform.lower() not in ("", "egl"):
        return f"PYOPENGL_PLATFORM={platform} forbids it"
    try:
        egl = ctypes.CDLL("libEGL.so.1")
    except OSError:
        return "libEGL.so.1 is not installed"
    egl.eglGetProcAddress.restype = ctypes.c_void_p
    address = egl.eglGetProcAddress(b"eglQueryDevicesEXT")
    count = ctypes.c_int()
    if address:
        query = ctypes.CFUNCTYPE(ctypes.c_uint, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(address)
        query(0, None, ctypes.addressof(count))
    return "" if count.value else "no driver offers a device"


def _osmesa_problem() -> str:
    platform = os.environ.get("PYOPENGL_PLATFORM", "")
    if platform.lower() not in ("", "osmesa"):
        return f"PYOPENGL_PLATFORM={platform} forbids it"
    load_triton_first()
    for name in ("libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so"):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return ""
    return "libOSMesa is not installed"


_PROBLEMS: dict[str, Callable[[], str]] = {"egl": _egl_problem, "glfw": display.problem, "osmesa": _osmesa_problem}

given: str = os.environ.get("MUJOCO_GL", "").lower().strip()
chosen, refused = "", dict[str, str]()
"""The back end that works here, and why those before it do not; nothing where MUJOCO_GL was given."""
if sys.platform == "linux":
    if given not in (*BACK_ENDS, ""):
        raise ParaBenchError(f"MUJOCO_GL is {given!r}; allowed: {', '.join(BACK_ENDS)}")
    if not given:
        chosen, refused = choose()
        if chosen:
            os.environ["MUJOCO_GL"] = chosen
    if given == "osmesa" and (why := _osmesa_problem()):  # loads triton first: mujoco's import loads OSMesa, and LLVM with it
        raise ParaBenchError(f"MUJOCO_GL is {given!r}, but {why}; allowed: libosmesa6 installed, or MUJOCO_GL=egl")
