"""Chooses MuJoCo's OpenGL back end; imported before mujoco anywhere, since mujoco reads the choice once."""

from __future__ import annotations

import os
import sys

from para_bench.types import ParaBenchError

BACK_ENDS = ("egl", "osmesa", "glfw", "glx")
given = os.environ.get("MUJOCO_GL", "").lower().strip()
if sys.platform == "linux" and given not in (*BACK_ENDS, ""):
    raise ParaBenchError(f"MUJOCO_GL is {given!r}; allowed: {', '.join(BACK_ENDS)}")
if sys.platform == "linux" and "MUJOCO_GL" not in os.environ and not os.environ.get("DISPLAY"):
    os.environ["MUJOCO_GL"] = "egl"  # mujoco's own default needs a display
