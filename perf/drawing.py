"""What the size of the shadow map and the tessellation of round shapes cost a picture, and how each looks.

    python perf/drawing.py --picture drawing.png

Draws training scenes of suite version 2 with each setting in turn, in one process of one thread; the least CPU time of the repeats counts.
`--picture` gets the same scenes at 224 px, a row a setting, for the eye.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import imageio.v3 as imageio
import numpy as np
import tyro
from clock import cpu_s

from para_bench.benchmarks.scenes import training_scene
from para_bench.benchmarks.splits import find_split
from para_bench.envs.env import TaskEnv
from para_bench.files import write_json
from para_bench.sim import build
from para_bench.sim.rendering import Renderer

SETTINGS = {
    f"{shadow} px, {slices} x {stacks}": (shadow, slices, stacks)
    for shadow, slices, stacks in [(512, 16, 8), (512, 8, 4), (384, 16, 8), (256, 16, 8), (256, 12, 6), (256, 8, 4), (128, 8, 4)]
}
"""Side of the shadow map, slices and stacks of a round shape; the first is the package's."""
_PACKAGES = build._set_options


@dataclass(frozen=True)
class Args:
    repeats: int = 6
    scenes: int = 4
    image_sizes: tuple[int, ...] = (128, 224)
    picture: Path | None = None
    json: Path | None = None
    """Where the figures go."""


def _set_options(setting: tuple[int, int, int], spec: Any, room: Any) -> None:
    _PACKAGES(spec, room)
    quality = spec.visual.quality
    quality.shadowsize, quality.numslices, quality.numstacks = setting


def drawings(setting: tuple[int, int, int], size: int, count: int) -> list[tuple[Renderer, Any]]:
    """Renderer and state of each scene at its start."""
    build._set_options = partial(_set_options, setting)
    training, found = find_split("id").training, []
    for index in range(count):
        scene = training_scene(training, 0, index, count)
        env = TaskEnv(task=scene.task, robot=scene.robot)
        env.start(scene)
        found.append((Renderer(env.simulation.model, size), env.simulation.data))
    return found


def main(args: Args) -> None:
    found = {(name, size): drawings(setting, size, args.scenes) for name, setting in SETTINGS.items() for size in args.image_sizes}
    seconds: dict[tuple[str, int], list[float]] = {key: [] for key in found}
    for _ in range(args.repeats):
        for key, pictures in found.items():
            drawn = cpu_s(lambda pictures=pictures: [renderer.rgb(data) for renderer, data in pictures * 5])
            seconds[key].append(drawn / len(pictures) / 5)
    least = {key: min(each) for key, each in seconds.items()}
    first = next(iter(SETTINGS))
    print("| shadow map, slices x stacks |" + "".join(f" {size} px, ms | the package's / this |" for size in args.image_sizes))
    print("|---|" + "---:|---:|" * len(args.image_sizes))
    for name in SETTINGS:
        cells = (f" {1e3 * least[name, size]:.2f} | {least[first, size] / least[name, size]:.2f} |" for size in args.image_sizes)
        print(f"| {name} |" + "".join(cells))
    if args.json:
        write_json(args.json, {f"{name}, {size} px": value for (name, size), value in least.items()})
    if args.picture:
        rows = [np.hstack([renderer.rgb(data) for renderer, data in drawings(setting, 224, 3)]) for setting in SETTINGS.values()]
        imageio.imwrite(args.picture, np.vstack(rows))


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
