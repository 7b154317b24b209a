"""The first paragraph says of all heads what holds of their records, and no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from para_bench.records import EpisodeRecord
from para_bench.records.description import ConditionFacts, Description
from para_bench.report.inventory import CONTROL
from para_bench.report.roster import Expected
from para_bench.report.site.episodes import split_episodes
from para_bench.report.site.lead import lead


@pytest.fixture
def told(record: Callable[..., EpisodeRecord]) -> Callable[..., dict]:
    """The paragraph's values for two heads, the second with these fields."""

    def make(said: Description | None = None, **fields) -> dict:
        found = [record("para", CONTROL, 0, split="id", steps=48), record("act", CONTROL, 0, split="id", **fields)]
        expected = Expected({"para": (0,), "act": (0,)}, {CONTROL: 1}, said or Description("id"))
        return lead([split_episodes("id", "", expected, found)], ["para", "act"])

    return make


def test_an_episode_has_at_most_so_many_looks(told) -> None:
    assert told()["looks"] == 4  # 48 waypoints, 12 a look
    assert told(steps=10, replan_steps=1)["looks"] == 10
    assert told(steps=400, checkpoint_hash="")["looks"] == 4  # a reference does not look


def test_what_heads_share_is_said_only_where_they_do(told) -> None:
    assert (told()["same_demos"], told()["same_features"]) == (True, True)
    assert not told(demos=64)["same_demos"]
    assert not told(demo_seed=1)["same_demos"]
    assert not told(backbone="dinov2")["same_features"]


def test_features_that_know_the_renderer_and_trainings_of_conditions_are_told(told) -> None:
    assert told()["features"] == "Features: lite0."
    assert told(Description("id", seen_renderer=("lite0",)))["features"] == "Features: lite0, trained on images of this simulator."
    assert not told()["retrained"]
    assert told(Description("id", conditions=(ConditionFacts("demos", "4", own_training=True),)))["retrained"]


def test_demonstrations_are_the_same_over_all_splits_or_not_called_so(record) -> None:
    """Within each split both heads share them, but `para` has a further training of 64 where `act` was not run."""

    def split(name: str, *heads: str, **fields):
        found = [record(head, CONTROL, 0, split=name, **fields) for head in heads]
        return split_episodes(name, "", Expected(dict.fromkeys(heads, (0,)), {CONTROL: 1}), found)

    both, alone, more = split("id", "para", "act"), split("disturbed", "para", demos=64), split("more", "para", "act", demos=64)
    assert lead([both, more], ["para", "act"])["same_demos"]
    assert not lead([both, alone], ["para", "act"])["same_demos"]
    assert lead([both, more], ["para", "act"])["same_scenes"]
    assert not lead([both, alone], ["para", "act"])["same_scenes"]
