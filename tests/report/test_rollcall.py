"""The episodes of a table: those that are expected and no others, and a word about what is missing or contradicts itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from para_bench.records import EpisodeRecord
from para_bench.records.description import ConditionFacts, Description
from para_bench.report.rollcall import call, newest
from para_bench.report.roster import Expected, Group
from para_bench.types import ParaBenchError

ID, VIEW = ("id", "0"), ("view_angle", "25")
Make = Callable[..., list[EpisodeRecord]]


def test_missing_episodes_refuse(episodes: Make) -> None:
    records = [*episodes("para", ID, "1111"), *episodes("para", VIEW, "1111")]
    expected = Expected({"para": [0]}, {ID: 4, VIEW: 4})
    with pytest.raises(ParaBenchError, match=r"head para, condition view_angle 25: 1 of 4 episodes missing .*seed 0, scene 3"):
        call(records[:-1], expected)
    with pytest.raises(ParaBenchError, match=r"condition id 0: 4 of 8 episodes missing .*training seed 1, scene 0"):
        call(records, Expected({"para": [0, 1]}, {ID: 4, VIEW: 4}))
    with pytest.raises(ParaBenchError, match="head global, condition id 0: 4 of 4"):
        call(records, Expected({"para": [0], "global": [0]}, {ID: 4}))
    with pytest.raises(ParaBenchError, match="no records of the heads para"):
        call([], expected)


def test_episodes_beyond_the_expected_are_left_aside(episodes: Make) -> None:
    records = [*episodes("para", ID, "111100"), *episodes("para", ID, "0000", train_seed=7), *episodes("other", ID, "0000", split="x")]
    found = call(records, Expected({"para": [0]}, {ID: 4}))
    assert found.outcomes("para", Group(*ID, (ID,))).tolist() == [[[True] * 4]]
    assert (found.split, found.backbones, found.demos) == ("novel_view", {"para": "lite0"}, {("para", ID): 20})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"suite_version": "2"}, "suite version"),
        ({"split": "left_to_right"}, "split"),
        ({"task": "stack"}, "task"),
        ({"robot": "other"}, "robot"),
        ({"checkpoint_hash": "other"}, "checkpoint of head para"),
        ({"policy_hash": "other"}, "checkpoint of head para"),
        ({"demos": 100}, "number of demonstrations of head para"),
        ({"demo_seed": 1}, "demonstrations of head para, training seed 0: found seeds"),
        ({"backbone": "dino"}, "backbone of head para"),
        ({"scene_hash": "other"}, "scene 0 of id 0 is"),
    ],
)
def test_contradictions_refuse(episodes: Make, record, change: dict, message: str) -> None:
    records = [*episodes("para", ID, "11"), *episodes("para", VIEW, "11"), record("para", ID, 0, False, **change)]
    with pytest.raises(ParaBenchError, match=message):
        call(records, Expected({"para": [0]}, {ID: 2, VIEW: 2}))


def test_conditions_that_are_trained_apart_have_checkpoints_and_demonstrations_of_their_own(episodes: Make) -> None:
    records = [*episodes("para", ID, "11"), *episodes("para", VIEW, "11", checkpoint_hash="own", demos=4)]
    apart = Description("novel_view", conditions=(ConditionFacts(*ID), ConditionFacts(*VIEW, own_training=True)))
    assert call(records, Expected({"para": [0]}, {ID: 2, VIEW: 2}, apart)).demos == {("para", ID): 20, ("para", VIEW): 4}
    with pytest.raises(ParaBenchError, match="checkpoint of head para, training seed 0: found"):
        call(records, Expected({"para": [0]}, {ID: 2, VIEW: 2}))


def test_the_newest_checkpoint_of_each_policy_counts(episodes: Make) -> None:
    old, new = episodes("para", ID, "00", checkpoint_hash="old"), episodes("para", ID, "1", checkpoint_hash="new")
    other = episodes("act", ID, "1")
    assert newest([*old, *other, *new]) == [*other, *new]
    view = episodes("para", VIEW, "1", checkpoint_hash="own")
    assert newest([*new, *view]) == view
    assert newest([*new, *view], apart=("novel_view",)) == [*new, *view]
