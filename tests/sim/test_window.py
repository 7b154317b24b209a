"""MuJoCo's window on a virtual display: it opens, shows, is closed and opens again, and a key that is pressed arrives."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

CODE = """
import subprocess, time
from para_bench.envs.env import TaskEnv
from para_bench.sim.window import Window

env = TaskEnv(render_mode=None)
env.reset(seed=0)
window = Window("para-bench teleop", "nothing")
for key in ("Page_Down", "comma"):
    window.open(env.simulation, [("scene", "first")])
    before = window._data.qpos.copy()
    env.advance([0.2, 0.02, 0.06, 0.3, 1.0])
    window.play(env.knots)
    assert abs(window._data.qpos - before).max() > 0.01
    subprocess.run(["xdotool", "key", key], check=True)
    print(window.pressed(), round(window.azimuth_deg))
window.close()
"""


@pytest.fixture
def display() -> Iterator[str]:
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        pytest.skip("needs Xvfb and xdotool, a display and a keyboard without hardware")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "640x480x24"], pass_fds=[writing], stderr=subprocess.DEVNULL
    )
    os.close(writing)
    with os.fdopen(reading) as number:
        yield f":{number.readline().strip()}"
    server.terminate()
    server.wait()


@pytest.mark.integration
def test_a_window_shows_a_scene_and_hears_keys_twice(display: str) -> None:
    environment = {**os.environ, "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1"}
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.splitlines()) == (0, ["[267] 180", "[44] 180"]), done.stderr
