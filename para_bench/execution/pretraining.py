"""Costs of backbone weights that a plan trains before its heads."""

from __future__ import annotations

from dataclasses import replace

import torch

from para_bench.backbones.create import create_backbone
from para_bench.demonstrations.stored import VALIDATION_DEMOS, demonstrations
from para_bench.execution.rates import PretrainingCost
from para_bench.execution.stopwatch import own_cache, timed
from para_bench.pretraining.clips import Clips
from para_bench.pretraining.play import play
from para_bench.pretraining.video import measure, pretrain
from para_bench.training.made_weights import PLAY_EPISODES, settings
from para_bench.training.recipe import Recipe

STEPS, EPISODES = 5, 3
CPU = torch.device("cpu")


def time_pretraining(recipe: Recipe) -> PretrainingCost:
    """CPU seconds of the parts of the training that makes the weights of `recipe`'s backbone, on one demonstration and one episode."""
    asked, size = settings(recipe), recipe.image_size
    with own_cache() as folder:
        found = demonstrations(recipe.training, 1, recipe.demo_seed, folder, False)
        play(1, recipe.demo_seed)  # warms up
        one_s, played = timed(lambda: play(1, recipe.demo_seed))
        play_s = (timed(lambda: play(1 + EPISODES, recipe.demo_seed))[0] - one_s) / EPISODES
        images_s, clips = timed(lambda: [Clips(each, size, False) for each in (found, played)])

        def seconds(steps: int) -> float:
            short = replace(asked, loop=replace(asked.loop, steps=steps, evaluations=1))
            out = folder / f"{steps}.safetensors"
            return timed(lambda: pretrain(short, clips, clips[0], out, CPU, progress=False))[0]

        seconds(2)  # warms up
        step_s = (seconds(1 + STEPS) - seconds(1)) / STEPS
        model = create_backbone(asked.backbone, size, pretrained=False, frozen=False).model
        evaluation_s, _ = timed(lambda: measure(model, clips[0]))
    frames = len(found.at_waypoints().frames)
    return PretrainingCost(step_s, VALIDATION_DEMOS * evaluation_s, play_s, images_s / 2, frames * 3 * size**2)


def pretraining_s(recipe: Recipe, cost: PretrainingCost) -> float:
    """CPU seconds until the weights of `recipe`'s backbone are there, apart from its demonstrations."""
    loop, played = settings(recipe).loop, PLAY_EPISODES * recipe.demos
    training = loop.steps * cost.step_s + (1 + min(loop.evaluations, loop.steps)) * cost.evaluation_s
    return training + played * cost.play_s + _episodes(recipe) * cost.images_s


def pretraining_bytes(recipe: Recipe, cost: PretrainingCost) -> int:
    """Disk of the images that it reads."""
    return _episodes(recipe) * cost.image_bytes


def _episodes(recipe: Recipe) -> int:
    return (1 + PLAY_EPISODES) * recipe.demos + VALIDATION_DEMOS
