"""Drawing stored states by MuJoCo Warp beside our renderer: images a second, and how far the pictures differ.

    pip install mujoco-warp
    python perf/batch_drawing.py --picture warp.png

Takes one scene in distribution and draws it again and again, without simulating: many worlds in one call by MuJoCo Warp's ray tracer,
one picture a call by ours. On a GPU, Warp draws there; without one, on one thread of the CPU. Compiling its kernels does not count.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import imageio.v2 as imageio
import mujoco
import mujoco_warp  # pyright: ignore[reportMissingImports] - see the first lines
import numpy as np
import tyro
import warp  # pyright: ignore[reportMissingImports]

from para_bench.benchmarks.scenes import test_scene
from para_bench.benchmarks.splits import find_split
from para_bench.envs.env import TaskEnv
from para_bench.files import write_json
from para_bench.sim.pictures import Pictures


@dataclass(frozen=True)
class Args:
    sizes: tuple[int, ...] = (128, 224)
    worlds: tuple[int, ...] = (1, 16, 64)
    repeats: int = 5
    picture: Path | None = None
    """Ours, Warp's and their difference at the last size."""
    json: Path | None = None


def main(args: Args) -> None:
    split = find_split("id")
    scene = test_scene(split, split.all_conditions[0], 0)
    env = TaskEnv(image_size=args.sizes[0])
    env.start(scene)
    model, data = env.simulation.model, env.simulation.data
    print(f"Warp draws on {warp.get_device()}. Seconds of the clock an image, least of {args.repeats}; grey levels by which pixels differ.")
    print("| px | worlds | ours, ms | Warp, ms | ours / Warp | mean difference | pixels off by more than 16 |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    rows = []
    for size in args.sizes:
        pictures = Pictures(scene, model, size)
        ours = pictures.rgb(data, 0)
        plain = least(lambda pictures=pictures: pictures.rgb(data, 0), args.repeats)
        for worlds in args.worlds:
            draw = warp_drawing(model, data, size, worlds)
            theirs = draw()
            each = least(draw, args.repeats) / worlds
            off = np.abs(ours.astype(int) - theirs.astype(int))
            share = float((off.max(2) > 16).mean())
            figures = f"{1e3 * plain:.2f} | {1e3 * each:.2f} | {plain / each:.2f} | {off.mean():.1f} | {100 * share:.0f} %"
            print(f"| {size} | {worlds} | {figures} |", flush=True)
            rows.append({"px": size, "worlds": worlds, "ours_s": plain, "warp_s": each, "ratio": plain / each, "pixels_off": share})
        if args.picture:
            imageio.imwrite(args.picture, np.concatenate([ours, theirs, off.clip(0, 255).astype(np.uint8)], axis=1))
        pictures.close()
    env.close()
    if args.json:
        write_json(args.json, {"device": str(warp.get_device()), "rows": rows})


def warp_drawing(model: mujoco.MjModel, data: mujoco.MjData, size: int, worlds: int) -> Callable[[], np.ndarray]:
    """Draws all worlds and gives the first one's picture (H, W, 3), uint8."""
    on_device, states = mujoco_warp.put_model(model), mujoco_warp.put_data(model, data, nworld=worlds)
    context = mujoco_warp.create_render_context(
        model, nworld=worlds, cam_res=(size, size), render_rgb=True, render_depth=False, use_shadows=True, cam_active=["main"]
    )
    packed = warp.zeros((worlds, size, size), dtype=warp.vec3)

    def draw() -> np.ndarray:
        mujoco_warp.render(on_device, states, context)
        mujoco_warp.get_rgb(context, 0, packed)
        warp.synchronize()
        return (255 * packed.numpy()[0]).clip(0, 255).astype(np.uint8)

    return draw


def least(call: Callable[[], object], repeats: int) -> float:
    """Seconds of the fastest call; the first one, which compiles, does not count."""
    call()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
