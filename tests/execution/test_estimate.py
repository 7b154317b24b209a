"""Core-hours, disk and hours of what is left, by arithmetic from rates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.benchmarks.profiles import Profile
from para_bench.demonstrations.stored import VALIDATION_DEMOS
from para_bench.execution.estimate import DEMONSTRATION_BYTES, HEAD_BYTES, RECORD_BYTES, estimate, machines_s
from para_bench.execution.rates import EpisodeCost, Rates, ScenesCost
from para_bench.execution.schedule import Schedule, schedule
from para_bench.execution.share import Shard, Share
from para_bench.rollouts.config import RunConfig

BACKBONE, HEADS = "efficientnet_lite0", ("para", "global_token")
RATES = Rates(
    worker_s=3.0,
    demonstration_s=0.5,
    samples=20,
    held_out=60,
    images={(BACKBONE, False): 0.02},
    image_bytes={(BACKBONE, False): 1000},
    steps={(head, BACKBONE, False): seconds for head, seconds in zip(HEADS, (0.1, 0.2), strict=True)},
    evaluations={(head, BACKBONE, False): 0.3 for head in HEADS},
    episodes={head: EpisodeCost(1.0, 24, 48) for head in HEADS},
    references={"oracle": 0.5, "noop": 0.25},
    scenes={"id": ScenesCost(0.04, 0.0, 1.0), "lighting": ScenesCost(0.04, 0.02, 1.0)},
)
PROFILE = Profile(demos=4, seeds=2, episodes=8, steps=100, batch=2, copies=1)


@pytest.fixture
def run(tmp_path: Path) -> RunConfig:
    how = {"backbone": BACKBONE, "augmentation": "turns", "workers": 2, "videos": False}  # one augmentation: images are shared
    return RunConfig("id", HEADS, PROFILE, out=tmp_path, references=("oracle", "noop"), **how)


def plan(run: RunConfig) -> Schedule:
    return schedule([run])


def test_every_part_is_counted_once(run: RunConfig) -> None:
    left = estimate([run], plan(run), RATES)
    assert left.collecting_s == pytest.approx((4 + VALIDATION_DEMOS) * 0.5)  # shared by heads and seeds
    images = 20 * 4 + 60
    assert left.images_s == pytest.approx(images * 0.02)
    evaluations = 12 * 0.3
    assert left.training_s == pytest.approx(2 * (100 * 0.1 + evaluations) + 2 * (100 * 0.2 + evaluations))
    learned = 4 * 8 * (1.5 + 0.04)
    assert left.episodes_s == pytest.approx(learned + 8 * (0.5 + 0.04) + 8 * (0.25 + 0.04))
    assert left.starting_s == (2 + 2) * 3.0
    assert left.disk_bytes == 10 * DEMONSTRATION_BYTES + images * 1000 + 4 * HEAD_BYTES + 6 * 8 * RECORD_BYTES
    assert left.core_s == pytest.approx(sum(left[:5]))


def test_each_demonstration_set_is_collected_and_validation_once(run: RunConfig) -> None:
    sets = replace(run, profile=replace(PROFILE, demo_seeds=3))
    left = estimate([sets], plan(sets), RATES)
    assert left.collecting_s == pytest.approx((3 * 4 + VALIDATION_DEMOS) * 0.5)


def test_what_is_done_is_not_counted(run: RunConfig) -> None:
    todo = plan(run)
    trained = replace(todo, done=(True,) * len(todo.trainings))
    left = estimate([run], trained, RATES)
    assert (left.training_s, left.images_s, left.collecting_s, left.starting_s) == (0, 0, 0, 2 * 3.0)
    (row,) = todo.splits
    half = replace(trained, splits=(replace(row, done=row.episodes // 2),))
    assert estimate([run], half, RATES).episodes_s == pytest.approx(left.episodes_s / 2)


def test_a_reference_shares_rollouts_where_nothing_moves_differently(run: RunConfig) -> None:
    lighting = replace(run, split="lighting", heads=("oracle",), references=("oracle",))
    seconds = estimate([lighting], plan(lighting), RATES).episodes_s
    assert seconds == pytest.approx(8 * (0.5 + 0.04 + 0.02))  # one rollout for two conditions


def test_shards_together_do_what_one_machine_does(run: RunConfig) -> None:
    todo, runs = plan(run), [run]
    parts = [estimate(runs, todo, RATES, Share(runs, Shard(index, 3))) for index in (1, 2, 3)]
    whole = estimate(runs, todo, RATES)
    assert sum(part.training_s for part in parts) == pytest.approx(whole.training_s)
    assert sum(part.episodes_s for part in parts) == pytest.approx(whole.episodes_s)
    assert machines_s(runs, todo, RATES, 1) == pytest.approx(whole.core_s / 2)
    assert machines_s(runs, todo, RATES, 3) == pytest.approx(max(part.core_s for part in parts) / 2)
    assert machines_s(runs, todo, RATES, 3) < machines_s(runs, todo, RATES, 1)
