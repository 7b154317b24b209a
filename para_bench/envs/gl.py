"""Chooses MuJoCo's OpenGL back end; imported before mujoco anywhere, since mujoco reads the choice once."""

from __future__ import annotations

import os
import sys

if sys.platform == "linux" and "MUJOCO_GL" not in os.environ and not os.environ.get("DISPLAY"):
    os.environ["MUJOCO_GL"] = "egl"  # mujoco's own default needs a display
