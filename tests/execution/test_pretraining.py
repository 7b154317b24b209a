"""Backbone weights that are trained in a run are part of its plan: timed on random weights, counted once for all heads that share them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.backbones.create import create_backbone
from para_bench.benchmarks.profiles import PROFILES
from para_bench.demonstrations.stored import VALIDATION_DEMOS
from para_bench.execution.estimate import estimate
from para_bench.execution.pretraining import pretraining_bytes, pretraining_s
from para_bench.execution.rates import PretrainingCost, Rates, ScenesCost
from para_bench.execution.schedule import pretrainings, schedule
from para_bench.execution.share import Shard, Share
from para_bench.execution.timing import time_plan
from para_bench.pretraining.loop import save_weights
from para_bench.rollouts.config import RunConfig

COST = PretrainingCost(step_s=2.0, evaluation_s=3.0, play_s=0.5, images_s=0.25, image_bytes=1000)
HEADS = ("para", "global_token")


@pytest.fixture
def run(tmp_path: Path) -> RunConfig:
    return RunConfig("video_backbone", HEADS, PROFILES["smoke"], image_size=64, out=tmp_path / "runs", references=("noop",), device="cpu")


def test_heads_share_their_weights(run: RunConfig) -> None:
    todo = schedule([run])
    needing = {recipe for recipe in todo.trainings if recipe.backbone_steps}
    assert set(todo.weights) == needing
    assert {recipe.head for recipe in needing} == set(HEADS)
    ((path, recipe),) = pretrainings(todo.weights).items()
    assert schedule([replace(run, split="id")]).weights == {}
    path.parent.mkdir(parents=True)
    save_weights(create_backbone("video", 64, pretrained=False, frozen=False).model.state_dict(), path)
    assert pretrainings(schedule([run]).weights) == {}
    assert todo.seconds - schedule([run]).seconds == pytest.approx(recipe.backbone_steps * 8 / 8 / run.workers)


def test_what_it_takes_is_counted_by_hand(run: RunConfig) -> None:
    recipe = next(recipe for recipe in schedule([run]).trainings if recipe.backbone_steps)
    demos, steps = recipe.demos, recipe.backbone_steps
    episodes = 3 * demos + VALIDATION_DEMOS  # demonstrations, two episodes of play for each, and those held out
    evaluations = 1 + min(5, steps)  # the first one is before the first step
    assert pretraining_s(recipe, COST) == pytest.approx(2.0 * steps + 3.0 * evaluations + 0.5 * 2 * demos + 0.25 * episodes)
    assert pretraining_bytes(recipe, COST) == 1000 * episodes


def test_an_estimate_has_them_once_and_a_share_where_it_needs_them(run: RunConfig) -> None:
    todo, kinds = schedule([run]), [(head, "video", tuned) for head in HEADS for tuned in (False, True)]
    rates = Rates(1.0, images={("video", False): 0.0, ("video", True): 0.0}, image_bytes={("video", False): 0, ("video", True): 0})
    rates.steps = rates.evaluations = dict.fromkeys(kinds, 0.0)
    rates.scenes, rates.pretrainings = {"video_backbone": ScenesCost(0.0, 0.0, 1.0)}, {"video": COST}
    whole = replace(todo, splits=tuple(replace(split, episodes=0, done=0) for split in todo.splits))
    (recipe,) = pretrainings(todo.weights).values()
    left = estimate([run], whole, rates)
    assert left.pretraining_s == pytest.approx(pretraining_s(recipe, COST))
    assert left.core_s - sum(left[:5]) == pytest.approx(left.pretraining_s)
    parts = [estimate([run], whole, rates, Share([run], Shard(index, 2))).pretraining_s for index in (1, 2)]
    assert parts == [left.pretraining_s] * 2  # each machine trains the weights that it needs


@pytest.mark.integration
def test_it_is_timed_without_weights_and_nothing_is_kept(run: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
    todo = schedule([run])
    rates = time_plan([run], todo.trainings)
    cost = rates.pretrainings["video"]
    assert all(each > 0 for each in cost)
    assert cost.image_bytes % (3 * 64 * 64) == 0
    assert estimate([run], todo, rates).pretraining_s > 0
    assert list(tmp_path.iterdir()) == []
