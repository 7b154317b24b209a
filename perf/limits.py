"""What the package adds to MuJoCo: CPU time of the executor and of an environment step beside raw calls of the same physics and picture.

    python perf/limits.py --repeats 5 --json limits.json

`executor`: the expert's whole episode, waypoint by waypoint with inverse kinematics, contacts and success, beside `mj_step` alone with the
same controls from the same state. `environment step`: `env.step` with a picture at each, beside the same steps and pictures by `mj_step`,
`mjr_render` and `mjr_readPixels`, with the scene updated before each. Scenes are of suite version 2. Both sides of a row run in turn in
one process of one thread; the least of the repeats counts, so that other work on the machine shifts both alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import mujoco
import numpy as np
import tyro
from clock import cpu_s

from para_bench.benchmarks.scenes import training_scene
from para_bench.benchmarks.splits import find_split
from para_bench.envs.env import TaskEnv
from para_bench.files import write_json
from para_bench.rollouts.references import Oracle
from para_bench.sim import rendering
from para_bench.sim.build import TIMESTEP_S
from para_bench.sim.executor import KNOT_S


@dataclass(frozen=True)
class Args:
    repeats: int = 5
    scenes: int = 3
    image_size: int = 128
    json: Path | None = None
    """Where the figures go."""


def main(args: Args) -> None:
    split = find_split("id")
    scenes = [training_scene(split.training, 0, i, args.scenes) for i in range(args.scenes)]
    found: dict[str, dict[str, list[float]]] = {}
    for _ in range(args.repeats):
        for name, pair in {"executor": _executor, "environment step": _environment}.items():
            totals = np.sum([pair(scene, args.image_size) for scene in scenes], axis=0)
            for side, seconds in zip(("ours", "raw"), totals, strict=True):
                found.setdefault(name, {}).setdefault(side, []).append(float(seconds))
    print(f"{'least of ' + str(args.repeats) + ', CPU s':24}{'ours':>10}{'raw':>10}{'ratio':>10}")
    table = {}
    for name, sides in found.items():
        ours, raw = (min(sides[side]) for side in ("ours", "raw"))
        table[name] = {"ours_s": ours, "raw_s": raw, "ratio": ours / raw}
        print(f"{name:24}{ours:10.3f}{raw:10.3f}{ours / raw:10.2f}")
    if args.json:
        write_json(args.json, {"repeats": args.repeats, "image_px": args.image_size, "scenes": args.scenes, "rows": table})


def _actions(env: TaskEnv, scene) -> list[np.ndarray]:
    """The expert's waypoints until the task is done, and a state to start from."""
    oracle = Oracle()
    env.start(scene)
    oracle.begin(env, np.random.default_rng(0))
    actions = []
    while not env.progress.success and env.steps < env.task.max_steps:
        actions.append(oracle.act(None).actions[0])
        env.advance(actions[-1])
    return actions


def _executor(scene, _: int) -> tuple[float, float]:
    env, controls = TaskEnv(task=scene.task, robot=scene.robot), []
    actions = _actions(env, scene)
    env.start(scene)
    drive = env.simulation.drive
    env.simulation.drive = lambda *words: (drive(*words), controls.append(env.simulation.data.ctrl.copy()))[0]
    for action in actions:
        env.advance(action)
    env.start(scene)
    ours = cpu_s(lambda: [env.advance(action) for action in actions])
    env.start(scene)
    model, data, steps = env.simulation.model, env.simulation.data, round(KNOT_S / TIMESTEP_S)

    def raw() -> None:
        for control in controls:
            data.ctrl[:] = control
            mujoco.mj_step(model, data, nstep=steps)

    return ours, cpu_s(raw)


def _environment(scene, size: int) -> tuple[float, float]:
    env = TaskEnv(image_size=size, task=scene.task, robot=scene.robot)
    actions = _actions(env, scene)
    env.reset(options={"scene": scene})
    ours, counts = 0.0, []
    for action in actions:
        ours += cpu_s(lambda action=action: env.step(action))
        counts.append(len(env.knots))
    env.start(scene)
    model, data, steps = env.simulation.model, env.simulation.data, round(KNOT_S / TIMESTEP_S)
    drawn = rendering.Renderer(model, size)
    drawn.rgb(data)

    def raw() -> None:
        with drawn._surface.current():
            for count in counts:
                mujoco.mj_step(model, data, nstep=count * steps)
                image = np.empty((size, size, 3), np.uint8)
                mujoco.mjv_updateScene(
                    model, data, drawn._options, mujoco.MjvPerturb(), drawn._camera, mujoco.mjtCatBit.mjCAT_ALL, drawn._scene
                )
                mujoco.mjr_render(drawn._rect, drawn._scene, drawn._context)
                mujoco.mjr_readPixels(image, None, drawn._rect, drawn._context)

    seconds = cpu_s(raw)
    drawn.close()
    env.close()
    return ours, seconds


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
