"""The OpenGL back end that is chosen where nobody says which, and the one line where none works."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from fresh_process import run

from para_bench.sim import display

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere MuJoCo has one back end")
DRAW = """
import os
from para_bench.envs.env import TaskEnv
from para_bench.types import ParaBenchError
try:
    print(os.environ.get("MUJOCO_GL"), TaskEnv(image_size=32).reset(seed=0)[0]["pixels"].std() > 10)
except ParaBenchError as error:
    print(error)
"""
DEAD = ":77"
"""A display that nobody serves."""
NO_EGL = "/dev/null"
"""In the place of the list of EGL drivers."""


@pytest.mark.integration
@pytest.mark.parametrize("first", ["", "import mujoco"])
def test_a_dead_display_is_no_hindrance(tmp_path: Path, first: str) -> None:
    assert run(first + DRAW, tmp_path, DISPLAY=DEAD, MUJOCO_GL=None).stdout.split() == ["egl", "True"]


@pytest.mark.integration
def test_what_was_asked_for_is_blamed_where_it_does_not_work(tmp_path: Path) -> None:
    said = run(DRAW, tmp_path, DISPLAY=DEAD, MUJOCO_GL="glfw").stdout
    assert said.startswith(f"cannot open OpenGL (MUJOCO_GL=glfw: no X server answers at DISPLAY={DEAD}); allowed: ")
    assert len(said.splitlines()) == 1


@pytest.mark.integration
def test_all_that_was_tried_is_told_and_nothing_is_blamed_on_the_user(tmp_path: Path) -> None:
    said = run(DRAW, tmp_path, DISPLAY=DEAD, MUJOCO_GL=None, __EGL_VENDOR_LIBRARY_FILENAMES=NO_EGL, PYOPENGL_PLATFORM="egl").stdout
    assert said.startswith("cannot open OpenGL (egl: no driver offers a device; glfw: no X server answers at DISPLAY=:77; osmesa: ")
    assert "MUJOCO_GL=glfw" not in said
    assert len(said.splitlines()) == 1


@pytest.mark.integration
def test_an_unknown_back_end_is_told(tmp_path: Path) -> None:
    said = run("import para_bench.envs.env", tmp_path, MUJOCO_GL="vulkan").stdout
    assert said.splitlines()[-1].endswith("MUJOCO_GL is 'vulkan'; allowed: egl, osmesa, glfw, glx")


def test_no_display_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert display.problem() == "DISPLAY is not set"
    monkeypatch.setenv("DISPLAY", DEAD)
    assert display.problem() in (f"no X server answers at DISPLAY={DEAD}", "libX11.so.6 is not installed")
