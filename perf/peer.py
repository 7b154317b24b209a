"""Steps of one environment with an image at each, in an environment of its own: a worker of `perf/peers.py`, which says what is counted.

    python perf/peer.py robosuite 128 --hz 20

Needs the package that is named and NumPy alone. Reads lines from its input: on each it takes so many steps as the line says, and answers
with the CPU seconds of all its threads for them, wall seconds, and the seconds simulated.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from typing import Any

import numpy as np

os.environ.setdefault("MUJOCO_GL", "egl")
Steps = Iterator[tuple[float, np.ndarray]]
"""Simulated seconds of a step and its image."""
RESET = (-1.0, np.empty(0))
"""Ends what is no part of a step: making, resetting, planning."""


def ours(size: int, hz: float) -> Steps:
    """Task place of suite version 2, the expert's waypoints."""
    from para_bench.benchmarks.conditions import DEFAULT_TRAINING
    from para_bench.benchmarks.scenes import validation_scene
    from para_bench.benchmarks.versions import CURRENT, find_version
    from para_bench.envs.env import TaskEnv
    from para_bench.rollouts.references import Oracle

    training, env, oracle, index = DEFAULT_TRAINING.of(find_version(CURRENT)), TaskEnv(image_size=size), Oracle(), 0
    while True:
        env.reset(options={"scene": validation_scene(training, index)})
        oracle.begin(env, np.random.default_rng(0))
        actions, done, index = [], False, index + 1
        while not done:
            if not actions:
                actions = list(oracle.act(None).actions)
                yield RESET  # nor is the expert's planning
            before = env.simulation.data.time
            seen, _, terminated, truncated, _ = env.step(actions.pop(0))
            done = terminated or truncated
            yield env.simulation.data.time - before, seen["pixels"]


def limit(size: int, hz: float) -> Steps:
    """The same controls in bare MuJoCo: mj_step, then a picture by mujoco.Renderer."""
    import mujoco

    from para_bench.benchmarks.conditions import DEFAULT_TRAINING
    from para_bench.benchmarks.scenes import validation_scene
    from para_bench.benchmarks.versions import CURRENT, find_version
    from para_bench.envs.env import TaskEnv
    from para_bench.rollouts.references import Oracle
    from para_bench.sim.simulation import TIMESTEP_S, Simulation

    training, env, oracle, index = DEFAULT_TRAINING.of(find_version(CURRENT)), TaskEnv(image_size=size), Oracle(), 0
    driven = Simulation.drive
    told: list[tuple[np.ndarray, int]] = []

    def noted(self: Simulation, joints: np.ndarray, opening: float, seconds: float) -> None:
        driven(self, joints, opening, seconds)
        told.append((self.data.ctrl.copy(), round(seconds / TIMESTEP_S)))

    Simulation.drive = noted
    while True:
        env.start(validation_scene(training, index))
        oracle.begin(env, np.random.default_rng(0))
        model, data, waypoints, index = env.simulation.model, env.simulation.copy_of_data(), [], index + 1
        while not env.progress.success and env.steps < env.task.max_steps:
            for action in oracle.act(None).actions:
                told.clear()
                env.advance(action)
                waypoints.append(list(told))
                if env.progress.success:
                    break
        renderer = mujoco.Renderer(model, size, size)
        yield RESET
        for knots in waypoints:
            for controls, steps in knots:
                data.ctrl[:] = controls
                mujoco.mj_step(model, data, nstep=steps)
            renderer.update_scene(data, camera="main")
            yield sum(steps for _, steps in knots) * TIMESTEP_S, renderer.render()
        renderer.close()


def robosuite(size: int, hz: float) -> Steps:
    """Lift with a Panda and its default controller, camera agentview, small random actions."""
    import robosuite as suite  # pyright: ignore[reportMissingImports]

    env = suite.make(
        "Lift",
        robots="Panda",
        has_renderer=False,
        has_offscreen_renderer=True,
        use_camera_obs=True,
        camera_names="agentview",
        camera_heights=size,
        camera_widths=size,
        control_freq=hz,
        ignore_done=True,
    )
    env.reset()
    low, _ = env.action_spec
    rng = np.random.default_rng(0)
    yield RESET
    while True:
        before = env.sim.data.time
        seen = env.step(rng.uniform(-0.3, 0.3, len(low)))[0]
        yield env.sim.data.time - before, seen["agentview_image"]


def fetch(size: int, hz: float) -> Steps:
    """FetchPickAndPlace, random actions, `render` after each step."""
    import gymnasium
    import gymnasium_robotics  # pyright: ignore[reportMissingImports]

    gymnasium.register_envs(gymnasium_robotics)
    env = gymnasium.make("FetchPickAndPlace-v4", render_mode="rgb_array", width=size, height=size, max_episode_steps=10**9)
    env.reset(seed=0)
    env.action_space.seed(0)
    data: Any = env.unwrapped.data  # pyright: ignore[reportAttributeAccessIssue]
    yield RESET
    while True:
        before = data.time
        env.step(0.3 * env.action_space.sample())
        yield data.time - before, env.render()  # pyright: ignore[reportReturnType]


ENVIRONMENTS: dict[str, tuple[Callable[[int, float], Steps], tuple[str, ...]]] = {
    "ours": (ours, ("para-bench", "mujoco")),
    "limit": (limit, ("mujoco",)),
    "robosuite": (robosuite, ("robosuite", "mujoco")),
    "fetch": (fetch, ("gymnasium-robotics", "mujoco")),
}
"""By name, with the packages whose versions are told."""


def check(image: np.ndarray, size: int) -> None:
    """Ends the process where nothing was drawn: a lost OpenGL context leaves memory as it was, one colour or noise, at no cost at all."""
    if image.shape != (size, size, 3):
        sys.exit(f"an image of shape {image.shape}; allowed: {(size, size, 3)}")
    spread, jumps = image.std(), np.abs(np.diff(image.astype(int), axis=1)).mean()
    if spread < 5 or jumps > 25:
        sys.exit(f"no picture: spread {spread:.1f}, neighbouring pixels differ by {jumps:.1f}; allowed: 5 and more, at most 25")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("environment", choices=ENVIRONMENTS)
    parser.add_argument("size", type=int, help="side of the images [px]")
    parser.add_argument("--hz", type=float, default=20.0, help="control steps a simulated second, of robosuite")
    parser.add_argument("--picture", help="write the last image there")
    asked = parser.parse_args()
    make, packages = ENVIRONMENTS[asked.environment]
    steps = make(asked.size, asked.hz)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what packages print is no answer
    print(json.dumps({package: metadata.version(package) for package in packages}), file=answers, flush=True)
    for line in sys.stdin:
        cpu = wall = simulated = 0.0
        taken, image = 0, np.empty(0)
        while taken < int(line):
            begun = time.process_time(), time.perf_counter()
            seconds, found = next(steps)
            ended = time.process_time(), time.perf_counter()
            if seconds < 0:
                continue
            cpu, wall, simulated, taken, image = (
                cpu + ended[0] - begun[0],
                wall + ended[1] - begun[1],
                simulated + seconds,
                taken + 1,
                found,
            )
        check(image, asked.size)
        if asked.picture:
            from PIL import Image

            Image.fromarray(image).save(asked.picture)
        print(json.dumps({"cpu_s": cpu, "wall_s": wall, "simulated_s": simulated}), file=answers, flush=True)


if __name__ == "__main__":
    main()
