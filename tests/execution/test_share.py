"""Who does what of a plan: everything once, training and episodes of one policy on one machine, the same whoever asks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.benchmarks.profiles import PROFILES
from para_bench.execution.schedule import EPISODE_S
from para_bench.execution.share import Shard, Share, _owners, parse_shard
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.episodes import wanted
from para_bench.rollouts.policies import find_all, recipes
from para_bench.types import ParaBenchError

SPLITS = ("id", "view_adaptation", "left_to_right")


@pytest.fixture
def runs(tmp_path: Path) -> list[RunConfig]:
    profile = replace(PROFILES["smoke"], seeds=3, episodes=4)
    base = RunConfig("id", ("para", "global_token"), profile, backbone="efficientnet_lite0", image_size=64, workers=1, out=tmp_path)
    return [replace(base, split=split) for split in SPLITS]


@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_every_training_and_episode_is_one_machine_s(count: int, runs: list[RunConfig]) -> None:
    trained, rolled, entries = Counter(), Counter(), {run.split: list(find_all(run, run.find_split())) for run in runs}
    for index in range(1, count + 1):
        share = Share(runs, Shard(index, count))
        trained.update(share.trainings)
        for run in runs:
            split = run.find_split()
            mine = wanted(run, split, entries[run.split], share.of(run))
            rolled.update((run.split, *key) for key in mine)
            for key, each in mine.items():  # whoever rolls out has trained it
                if each.entry.checkpoints:
                    assert share.trains(run.recipe(key[0], key[1], split.training_of(each.condition)))
    everything = [(run.split, *key) for run in runs for key in wanted(run, run.find_split(), entries[run.split])]
    assert rolled == Counter(everything)
    assert trained == Counter({recipe for run in runs for recipe in recipes(run, run.find_split())})


def test_a_training_and_those_that_start_from_it_are_not_parted(runs: list[RunConfig]) -> None:
    for index in range(1, 6):
        share = Share(runs, Shard(index, 5))
        for recipe in share.trainings:
            assert recipe.base is None or share.trains(recipe.base)


def test_it_depends_on_the_plan_alone(runs: list[RunConfig], tmp_path: Path) -> None:
    there = [replace(run, out=tmp_path / "other", workers=7, device="cpu", videos=False) for run in runs]
    assert [Share(there, Shard(i, 3)).trainings for i in (1, 2, 3)] == [Share(runs, Shard(i, 3)).trainings for i in (1, 2, 3)]


def test_machines_get_about_as_much(runs: list[RunConfig]) -> None:
    """Twelve trainings of which six start from others and are tested longer: the longest first leaves two machines with the same."""
    owners = _owners(runs, 2)
    assert Counter(owners.values()) == {1: 6, 2: 6}
    assert EPISODE_S > 0


@pytest.mark.parametrize(("text", "shard"), [("1/1", (1, 1)), ("2/8", (2, 8)), ("10000/10000", (10000, 10000))])
def test_words(text: str, shard: tuple[int, int]) -> None:
    assert parse_shard(text) == Shard(*shard)
    assert str(parse_shard(text)) == text


@pytest.mark.parametrize("text", ["", "3", "0/2", "3/2", "-1/2", "1/0", "1/2/3", "a/b", "1 / 2", "1/10001", "¹/2", "1/2\n"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(ParaBenchError, match=r"--shard is .*; allowed: i/n, such as 2/8"):
        parse_shard(text)
