"""Costs of the parts of a plan on this machine, timed for about a minute: 20 steps and 3 episodes of each head, on one thread.

All is CPU time, so that other load on the machine changes little. Nothing is kept, and no setting depends on it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from para_bench.backbones.create import create_backbone
from para_bench.bars import Bar
from para_bench.benchmarks.conditions import Split
from para_bench.benchmarks.scenes import test_scene, validation_scene
from para_bench.demonstrations.collect import collect
from para_bench.demonstrations.seen import seen_demonstrations
from para_bench.demonstrations.stored import VALIDATION_DEMOS
from para_bench.envs.env import TaskEnv
from para_bench.envs.shifts import physics_hash
from para_bench.execution.pretraining import time_pretraining
from para_bench.execution.rates import EpisodeCost, Rates, ScenesCost
from para_bench.execution.stopwatch import own_cache, timed
from para_bench.heads import find_head
from para_bench.heads.base import sees_depth
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.policy import LearnedPolicy, Policy
from para_bench.rollouts.references import REFERENCES, Oracle
from para_bench.rollouts.rollout import rollout
from para_bench.tasks import find_task
from para_bench.training.fresh import fresh_learner
from para_bench.training.frozen import fitting_backbone
from para_bench.training.learner import Learner
from para_bench.training.loop import train
from para_bench.training.prepare import Inputs, read_inputs
from para_bench.training.recipe import Recipe
from para_bench.training.validation import validation
from para_bench.types import ActionChunk, Observation, ParaBenchError, Scene

STEPS, WARM_STEPS, EPISODES = 20, 3, 3
UNUSED = 20_000
"""Scene indices that no profile reaches."""
MOST_CONDITIONS = 4
"""Conditions of a split for which scenes are sampled to time it."""
CPU = torch.device("cpu")


class Follower:
    """Asks a learned policy but executes the expert's waypoints: the cost of an episode must not depend on what it has learned."""

    looks = True

    def __init__(self, policy: LearnedPolicy) -> None:
        self._policy, self._expert = policy, Oracle()
        self.sees_depth = policy.sees_depth

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        self._policy.begin(env, rng)
        self._expert.begin(env, rng)

    def act(self, observation: Observation | None) -> ActionChunk:
        self._policy.act(observation)
        return self._expert.act(observation)


def time_plan(runs: Sequence[RunConfig], trainings: Sequence[Recipe]) -> Rates:
    """CPU seconds of the parts of `trainings` and of the episodes of `runs`."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as the workers have it
    torch.set_flush_denormal(True)  # as a training has it
    try:
        return _timed(runs, trainings)
    finally:
        torch.set_num_threads(threads)


def _timed(runs: Sequence[RunConfig], trainings: Sequence[Recipe]) -> Rates:
    heads: dict[tuple[str, str, bool], Recipe] = {}
    for recipe in trainings:
        heads.setdefault((recipe.head, recipe.backbone, recipe.finetune), _startable(recipe))
    made = {recipe.backbone: recipe for recipe in trainings if recipe.backbone_steps}
    splits = [run.find_split() for run in runs]
    rates = Rates(worker_s=_worker_s())
    examples: dict[tuple[str, bool, bool], Inputs] = {}
    with Bar(total=len(heads) + len(made) + len(splits), desc="timing", unit="part") as bar:
        for key, recipe in heads.items():
            if (shared := (*key[1:], sees_depth(find_head(key[0])))) not in examples:
                examples[shared] = _example(recipe, runs[0], rates)
            rates.steps[key], rates.evaluations[key], policy = _training(recipe, examples[shared], runs[0])
            rates.episodes[key[0]] = _episode(policy, recipe, runs[0])
            bar.update()
        for backbone, recipe in made.items():
            rates.pretrainings[backbone] = time_pretraining(recipe)
            bar.update()
        for split in splits:
            rates.scenes[split.name] = _scenes(split)
            bar.update()
    scenes = [validation_scene(splits[0].training, index) for index in range(2)]
    for name in dict.fromkeys(name for run in runs for name in run.bounds):
        rates.references[name] = _mean(lambda scene, name=name: _roll(REFERENCES[name](), scene, runs[0]), scenes)
    return rates


def _startable(recipe: Recipe) -> Recipe:
    """The same recipe on random weights where the run would train them first: a step takes as long."""
    return replace(recipe, pretrained=False) if recipe.backbone_steps else recipe


def _mean(call: Callable[[Scene], Any], scenes: Sequence[Scene]) -> float:
    return sum(timed(lambda scene=scene: call(scene))[0] for scene in scenes) / len(scenes)


def _worker_s() -> float:
    """CPU seconds until a worker process is ready to roll out."""
    code = "import time, para_bench.rollouts.loading, para_bench.envs.env; print(time.process_time())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _example(recipe: Recipe, run: RunConfig, rates: Rates) -> Inputs:
    """What a training on one demonstration reads, made in a folder and a cache of its own."""
    weights, small = run.backbone_weights if recipe.pretrained else None, replace(recipe, demos=1)
    with own_cache() as folder:
        # Warms up: what is made once on a machine is not counted.
        fitting_backbone(recipe.backbone, recipe.image_size, weights, recipe.pretrained, recipe.feature_runtime)
        collect([validation_scene(recipe.training, 0)])
        seconds, _ = timed(lambda: seen_demonstrations(recipe.training, VALIDATION_DEMOS, -1, folder, progress=False))
        rates.demonstration_s = seconds / VALIDATION_DEMOS
        seen_demonstrations(recipe.training, 1, recipe.demo_seed, folder, progress=False)
        seconds, found = timed(lambda: read_inputs(small, weights, folder, CPU, progress=False))
    rates.samples, rates.held_out = len(found.windows), len(found.held_out_windows)
    rates.images[recipe.backbone, recipe.finetune] = seconds / (rates.samples + rates.held_out)
    rates.image_bytes[recipe.backbone, recipe.finetune] = sum(level[0].nbytes for level in found.windows.inputs)
    return found


def _training(recipe: Recipe, example: Inputs, run: RunConfig) -> tuple[float, float, LearnedPolicy]:
    """CPU seconds of a step and of an evaluation, and the policy that came out."""
    measure = validation(example.held_out, example.held_out_windows)
    learner = fresh_learner(recipe.head, recipe.head_config, _backbone(recipe, run), recipe.train_seed, None)

    def steps(count: int) -> Learner:
        config = replace(recipe.train, steps=count, evaluations=1)
        with tempfile.TemporaryDirectory() as folder:
            return train(learner, example.windows, lambda _: {}, config, 0, Path(folder), CPU, progress=False).learner

    steps(WARM_STEPS)
    seconds, trained = timed(lambda: steps(STEPS))
    evaluation, _ = timed(lambda: measure(trained))
    frozen = fitting_backbone(recipe.backbone, recipe.image_size, run.backbone_weights, recipe.pretrained, recipe.feature_runtime)
    return seconds / STEPS, evaluation, LearnedPolicy(frozen, trained.head)


def _backbone(recipe: Recipe, run: RunConfig) -> Any:
    weights = run.backbone_weights if recipe.pretrained else None
    return create_backbone(recipe.backbone, recipe.image_size, weights, recipe.pretrained, frozen=not recipe.finetune)


def _episode(policy: LearnedPolicy, recipe: Recipe, run: RunConfig) -> EpisodeCost:
    follower, scenes = Follower(policy), [validation_scene(recipe.training, index) for index in range(1 + EPISODES)]
    _roll(follower, scenes[0], run)  # warms up
    started, waypoints = time.process_time(), 0
    for scene in scenes[1:]:
        waypoints += _roll(follower, scene, run)
    seconds = (time.process_time() - started) / EPISODES
    return EpisodeCost(seconds, waypoints / EPISODES, find_task(scenes[0].task).max_steps)


def _roll(policy: Policy, scene: Scene, run: RunConfig) -> int:
    """Waypoints of an episode."""
    return rollout(_env(run.image_size), scene, policy, 0, replan_steps=run.replan_steps).steps


@lru_cache(maxsize=2)
def _env(image_size: int) -> TaskEnv:
    return TaskEnv(image_size=image_size)


def _scenes(split: Split) -> ScenesCost:
    """Time to sample scenes of a split, and how many of its conditions differ in physics: references roll out each of those."""
    conditions = split.all_conditions
    control, first = timed(lambda: test_scene(split, conditions[0], UNUSED))
    some = conditions[1 :: max(1, len(conditions) // MOST_CONDITIONS)]
    shifted = []
    for each in some:
        with suppress(ParaBenchError):  # no fair scene at this index: the run will say so of its own
            shifted.append(timed(lambda each=each: test_scene(split, each, UNUSED)))
    hashes = {physics_hash(scene) for _, scene in shifted} - {physics_hash(first)}
    apart = 1 + (len(conditions) - 1) * len(hashes) / max(1, len(shifted))
    return ScenesCost(control, sum(seconds for seconds, _ in shifted) / max(1, len(shifted)), apart)
