"""The display that windows open on."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache


def problem() -> str:
    """Why no window can open here; empty where one can. A DISPLAY that `ssh -X`, tmux or a container left behind has nobody to serve it."""
    if sys.platform != "linux" or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return _problem_of(os.environ.get("DISPLAY", ""))


@cache
def _problem_of(name: str) -> str:
    if not name:
        return "DISPLAY is not set"
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return "libX11.so.6 is not installed"
    x11.XOpenDisplay.restype = ctypes.c_void_p
    connection = x11.XOpenDisplay(name.encode())
    if not connection:
        return f"no X server answers at DISPLAY={name}"
    x11.XCloseDisplay(ctypes.c_void_p(connection))
    return ""
