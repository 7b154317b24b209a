"""A closed-loop `para` episode beside the limit of its parts: CPU time of one thread.

    python perf/episode.py --repeats 3 --json episode.json

`ours` is an episode as a run rolls it out: the scene is built, and at each look drawn and given to backbone and head. The head has fresh
weights and the expert's waypoints are executed, so that every episode has its full length. `limit` is what cannot be left out: MuJoCo
compiles the same model, steps with the same controls and draws the same pictures, ONNX Runtime runs the graph of the backbone, and
PyTorch the head's layers. Both run in turn in one process; the least of the repeats counts, so that other work shifts both alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mujoco
import numpy as np
import torch
import tyro
from clock import cpu_s

from para_bench.backbones.graphs import INPUT
from para_bench.backbones.onnx_backbone import OnnxBackbone
from para_bench.backbones.runtimes import ONNXRUNTIME
from para_bench.benchmarks.scenes import training_scene
from para_bench.benchmarks.splits import find_split
from para_bench.envs.env import TaskEnv
from para_bench.files import write_json
from para_bench.heads.config import HeadConfig
from para_bench.heads.create import create_head
from para_bench.heads.para import Para
from para_bench.heads.parts.grid import peak, sample
from para_bench.rollouts.policy import LearnedPolicy
from para_bench.rollouts.references import Oracle
from para_bench.sim.base import Robot
from para_bench.sim.build import TIMESTEP_S, build
from para_bench.sim.executor import KNOT_S
from para_bench.sim.rendering import Renderer
from para_bench.tensors import observation_tensors
from para_bench.training.frozen import frozen_backbone
from para_bench.types import DEFAULT_BACKBONE, REPLAN_STEPS, Observation, Scene

Look = tuple[Observation, np.ndarray]
"""What the policy was shown, and the joint state (nq,) then."""
PARTS = ("model", "physics", "pictures", "features", "head")


@dataclass(frozen=True)
class Args:
    repeats: int = 3
    scenes: int = 5
    image_size: int = 224
    backbone: str = DEFAULT_BACKBONE
    json: Path | None = None
    """Where the figures go."""


def main(args: Args) -> None:
    torch.set_num_threads(1)
    backbone = frozen_backbone(args.backbone, args.image_size, runtime=ONNXRUNTIME)
    assert isinstance(backbone, OnnxBackbone)
    head = create_head("para", backbone.spec, HeadConfig())
    assert isinstance(head, Para)
    policy, split = LearnedPolicy(backbone, head), find_split("id")
    scenes = [training_scene(split.training, 0, i, args.scenes) for i in range(args.scenes)]
    ours, limits = [], []
    for repeat in range(args.repeats + 1):
        found = [measured(policy, head, backbone, scene, args.image_size) for scene in scenes]
        if repeat:  # the first one warms up
            ours.append(sum(seconds for seconds, _ in found))
            limits.append([sum(parts[part] for _, parts in found) for part in PARTS])
    least = dict(zip(PARTS, np.min(limits, axis=0), strict=True))
    episode, limit = min(ours) / args.scenes, sum(least.values()) / args.scenes
    print(f"an episode {1000 * episode:.1f} CPU ms, limit {1000 * limit:.1f}, ratio {episode / limit:.2f} (goal 1.25)")
    print("limit: " + ", ".join(f"{part} {1000 * seconds / args.scenes:.1f}" for part, seconds in least.items()))
    if args.json:
        parts = {part: seconds / args.scenes for part, seconds in least.items()}
        write_json(args.json, {"episode_s": episode, "limit_s": parts, "ratio": episode / limit})


def measured(policy: LearnedPolicy, head: Para, backbone: OnnxBackbone, scene: Scene, size: int) -> tuple[float, dict[str, float]]:
    """Seconds of the episode, and of each part of its limit."""
    env, oracle = TaskEnv(image_size=size, task=scene.task, robot=scene.robot), Oracle()
    looks: list[Look] = []
    expert: list[np.ndarray] = []
    env.start(scene)  # once beforehand, to know waypoints, states and controls
    oracle.begin(env, np.random.default_rng(0))
    simulation: Any = env.simulation
    drive, controls = simulation.drive, []
    simulation.drive = lambda *words: (drive(*words), controls.append(simulation.data.ctrl.copy()))[0]
    while not env.progress.success and env.steps < env.task.max_steps:
        if env.steps % REPLAN_STEPS == 0:
            looks.append((env.observe(), env.simulation.data.qpos.copy()))
        expert.append(oracle.act(None).actions[0])
        env.advance(expert[-1])

    def episode() -> None:
        env.start(scene)
        policy.begin(env, np.random.default_rng(0))
        for index, action in enumerate(expert):
            if index % REPLAN_STEPS == 0:
                policy.act(env.observe())
            env.advance(action)

    ours = cpu_s(episode)
    parts = limit(head, backbone, env, scene, looks, controls, size)
    env.close()
    return ours, parts


def limit(
    head: Para, backbone: OnnxBackbone, env: TaskEnv, scene: Scene, looks: list[Look], controls: list[np.ndarray], size: int
) -> dict[str, float]:
    """Seconds of each part, called bare."""
    env.start(scene)
    model, data = env.simulation.model, env.simulation.data
    robot: Any = Mounted(env.robot)
    build(scene, env.task, robot)
    steps = round(KNOT_S / TIMESTEP_S)

    def physics() -> None:
        for control in controls:
            data.ctrl[:] = control
            mujoco.mj_step(model, data, nstep=steps)

    def pictures() -> None:
        drawn = Renderer(model, size)
        with drawn._surface.current():
            for _, qpos in looks:
                data.qpos[:] = qpos
                mujoco.mj_kinematics(model, data)
                drawn._draw(data)
                mujoco.mjr_readPixels(np.empty((size, size, 3), np.uint8), None, drawn._rect, drawn._context)
        drawn.close()

    inputs = [normalised(backbone, observation) for observation, _ in looks]
    session = backbone._session

    @torch.inference_mode()
    def network() -> None:
        for features, look in zip(given, states, strict=True):
            x = head.trunk(features, look)
            logits = head.heatmap(x)
            head.readout(sample(x, peak(logits, True).clamp(0, 1)), look.state)

    with torch.inference_mode():
        given = [backbone._levels(image) for image in inputs]
    states = [observation_tensors(observation, torch.device("cpu"), head.spec.actions) for observation, _ in looks]
    arrays = [image.numpy() for image in inputs]
    return {
        "model": cpu_s(robot.spec.compile),
        "physics": cpu_s(physics),
        "pictures": cpu_s(pictures),
        "features": cpu_s(lambda: [session.run(None, {INPUT: image}) for image in arrays]),
        "head": cpu_s(network),
    }


class Mounted:
    """A robot that keeps what it was mounted on."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot

    def __getattr__(self, name: str) -> Any:
        return getattr(self._robot, name)

    def mount(self) -> mujoco.MjSpec:
        self.spec = self._robot.mount()
        return self.spec


def normalised(backbone: OnnxBackbone, observation: Observation) -> torch.Tensor:
    image = torch.from_numpy(observation.image).permute(2, 0, 1)[None].float() / 255
    return ((image - backbone.mean) / backbone.std).contiguous()


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
