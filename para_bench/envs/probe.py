"""OpenGL renderer of this machine and its speed: `python -m para_bench.envs.probe`, a separate process, since a broken driver ends it."""

from __future__ import annotations

import json
import time
from typing import Any

from para_bench.envs.env import TaskEnv
from para_bench.sim.surface import Surface

IMAGE_PX, WARM, IMAGES = 128, 3, 20


def probe() -> dict[str, Any]:
    """Renderer and version as OpenGL states them, and images a CPU second of one thread.

    Raises:
        ParaBenchError: there is no OpenGL here.
    """
    from OpenGL import GL

    with Surface().current():
        renderer, version = (str((GL.glGetString(name) or b"?").decode()) for name in (GL.GL_RENDERER, GL.GL_VERSION))
    env = TaskEnv(image_size=IMAGE_PX)
    env.reset(seed=0)
    for _ in range(WARM):
        env.render()
    started = time.process_time()
    for _ in range(IMAGES):
        env.render()
    seconds = max(time.process_time() - started, 1e-9)
    env.close()
    return {"renderer": renderer, "version": version, "images_per_cpu_s": round(IMAGES / seconds, 1), "image_px": IMAGE_PX}


if __name__ == "__main__":
    print(json.dumps(probe()))
