from __future__ import annotations

from collections.abc import Callable

import pytest

from para_bench.records import EpisodeRecord
from para_bench.records.description import ConditionFacts, Description
from para_bench.report.inventory import Asked
from para_bench.report.progress import measure
from para_bench.report.statistics.rates import wilson

Make = Callable[..., list[EpisodeRecord]]
ID, VIEW = ("id", "0"), ("view_angle", "25")
RUN = Asked("novel_view", ("para", "act"), ("oracle",), seeds=(0, 1), episodes=4, workers=2)
SAID = Description("novel_view", conditions=(ConditionFacts(*ID), ConditionFacts(*VIEW)))


def test_cells_rates_and_time_left(episodes: Make) -> None:
    found = [*episodes("para", ID, "1101"), *episodes("para", VIEW, "10"), *episodes("oracle", ID, "1111", checkpoint_hash="", seconds=0.5)]
    para, act, oracle = measure(RUN, found, SAID)
    assert (para.head, para.done, para.begun, para.left, para.episodes) == ("para", 1, 1, 2, (6, 16))
    assert (para.control.k, para.control.n, para.control.interval) == (3, 4, wilson(3, 4))
    assert (para.shifted.k, para.shifted.n) == (1, 2)
    assert para.seconds_left == pytest.approx(10 * 1.5 / 2)
    assert (oracle.done, oracle.left, oracle.episodes) == (1, 1, (4, 8))
    assert oracle.seconds_left == pytest.approx(4 * 0.5 / 2)
    assert act.episodes == (0, 16)
    assert act.seconds_left == pytest.approx(16 * (6 * 1.5 + 4 * 0.5) / 10 / 2)  # at the pace of all others


def test_nothing_yet_and_all_there(episodes: Make) -> None:
    assert [row.seconds_left for row in measure(RUN, [], SAID)] == [None, None, None]
    run = Asked("novel_view", ("para",), (), seeds=(0,), episodes=2, workers=1)
    assert measure(run, episodes("para", ID, "11"), None)[0].seconds_left == 0


def test_a_retrained_head_starts_again(episodes: Make) -> None:
    found = [*episodes("para", ID, "1111"), *episodes("para", ID, "1", checkpoint_hash="retrained")]
    assert measure(RUN, found, SAID)[0].episodes == (1, 16)


def test_scenes_met_often_do_not_count_as_independent(episodes: Make) -> None:
    found = [r for seed in range(2) for condition in (ID, VIEW) for r in episodes("para", condition, "1100", train_seed=seed)]
    shifted = measure(RUN, found, SAID)[0].shifted
    assert (shifted.k, shifted.n) == (4, 8)
    low, high = wilson(4, 8)
    assert shifted.interval.low < low
    assert shifted.interval.high > high
