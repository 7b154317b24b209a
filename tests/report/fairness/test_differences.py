from __future__ import annotations

from collections.abc import Callable

import pytest

from para_bench.benchmarks.descriptions import describe
from para_bench.benchmarks.splits import SPLITS
from para_bench.records import EpisodeRecord
from para_bench.report.fairness.differences import Differences, Pair, differences, merged, pairs
from para_bench.report.fairness.facts import FACTS, SAME
from para_bench.report.rollcall import call
from para_bench.report.roster import Expected

ID, VIEW = ("id", "0"), ("view_angle", "25")
SEARCH = "0.001, 0.003 (20 demos)"
FACTS_OF_ONE = {
    "sees": "RGB",
    "head_parameters": 100,
    "all_parameters": 200,
    "training_flop": 1e9,
    "training_s": 3.5,
    "inference_ms": 20.0,
    "learning_rate": 0.001,
    "rates_tried": SEARCH,
    "backbone": "lite0",
    "backbone_hash": "200c829f",
    "backbone_trained": False,
    "image_px": 224,
    "demonstrations": 20,
    "demonstrations_hash": "6db4",
    "cameras": "1",
    "rooms": "1",
    "steps": 1600,
    "batch": 16,
    "augmentation": {"copies": 3, "jitter": 0.4},
    "optimiser": {"weight_decay": 0.03},
    "start": "fresh weights",
    "settings": {"decode": "subcell"},
    "trained_on": "cpu",
    "training_code": "6054beac",
}


def found(same_head: bool = False, between: tuple[str, ...] = (), rolled_out: tuple[str, str] = ("c", "c"), **change) -> Differences:
    return differences([Pair(FACTS_OF_ONE, {**FACTS_OF_ONE, **change}, rolled_out)], same_head, between)


def test_what_belongs_to_a_head_may_differ() -> None:
    own = {"sees": "RGB + calibration", "head_parameters": 1, "training_flop": 1.0, "training_s": 1.0, "inference_ms": 1.0}
    assert found(**own, learning_rate=0.003) == Differences((), ())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"backbone_hash": "ffff"}, "backbone hash 200c829f against ffff"),
        ({"demonstrations_hash": "ffff"}, "demonstrations hash 6db4 against ffff"),
        ({"demonstrations": 50}, "demonstrations 20 against 50"),
        ({"cameras": "16"}, "training cameras 1 against 16"),
        ({"rooms": "each"}, "training rooms 1 against each"),
        ({"steps": 800}, "steps 1,600 against 800"),
        ({"batch": 8}, "batch 16 against 8"),
        ({"augmentation": {"copies": 0, "jitter": 0.4}}, "augmentation copies 3 against 0"),
        ({"image_px": 448}, "image px 224 against 448"),
        ({"backbone_trained": True}, "backbone trained no against yes"),
        ({"optimiser": {"weight_decay": 0.1}}, "optimiser weight_decay 0.03 against 0.1"),
        ({"start": {"steps": 1600}}, "starts from fresh weights against steps 1600"),
        ({"settings": {"decode": "argmax"}}, "head settings decode subcell against argmax"),
        ({"rates_tried": "0.001 (20 demos)"}, f"rates tried {SEARCH} against 0.001 (20 demos)"),
    ],
)
def test_anything_else_may_not(change: dict, words: str) -> None:
    assert found(**change).unfair == (words,)
    assert found(**change, between=tuple(change)) == Differences((), ())


def test_every_shared_fact_is_tried_above() -> None:
    assert {name for name, fact in FACTS.items() if fact.role == SAME} <= set(FACTS_OF_ONE)


def test_a_rate_without_a_search_has_to_be_the_same() -> None:
    assert found(learning_rate=0.003, rates_tried="none").unfair == (
        "learning rate 0.001 against 0.003",
        f"rates tried {SEARCH} against none",
    )
    by_hand = {**FACTS_OF_ONE, "rates_tried": "none"}
    assert differences([Pair(by_hand, by_hand, ("c", "c"))]) == Differences((), ())
    assert differences([Pair(by_hand, {**by_hand, "learning_rate": 0.01}, ("c", "c"))]).unfair == ("learning rate 0.001 against 0.01",)


def test_one_head_has_one_rate() -> None:
    assert found(learning_rate=0.003, same_head=True).unfair == ("learning rate 0.001 against 0.003",)
    later = found(rates_tried="none", same_head=True)
    assert (later.unfair, later.noted) == ((), (f"rates tried {SEARCH} against none",))
    assert found(learning_rate=0.003, same_head=True, between=("learning_rate",)).unfair == ()


def test_a_backbone_that_is_compared_brings_its_hash() -> None:
    assert found(backbone="dino", backbone_hash="ffff", between=("backbone",)) == Differences((), ())
    assert found(backbone="dino", backbone_hash="ffff", steps=1, between=("backbone",)).unfair == ("steps 1,600 against 1",)


def test_device_and_code_are_noted() -> None:
    noted = found(trained_on="cuda", training_code="ffff", rolled_out=("c", "d"))
    assert noted.unfair == ()
    assert noted.noted == (
        "trained on cpu against cuda",
        "training code 6054beac against ffff",
        "rolled out by other code or settings, c against d",
    )


def test_what_is_not_recorded_is_said_instead_of_passing_as_equal() -> None:
    records_alone = {"backbone": "lite0", "demonstrations": 20}
    (line,) = differences([Pair(FACTS_OF_ONE, records_alone, ("c", "c"))]).noted
    assert line.startswith("not recorded for both, so not held against each other: rates tried, backbone hash")
    assert "demonstrations hash" in line
    assert differences([Pair(records_alone, {**records_alone, "demonstrations": 4}, ("c", "c"))]).unfair == ("demonstrations 20 against 4",)


def test_several_comparisons_in_one_line() -> None:
    batch = Differences(("batch 16 against 8",), ())
    whole = merged({"a against b": batch, "a against c": Differences((), ("x",)), "a against d": batch})
    assert whole == Differences(("a against b, a against d: batch 16 against 8",), ("a against c: x",))


def test_policies_meet_in_the_same_condition_and_seed(episodes: Callable[..., list[EpisodeRecord]]) -> None:
    """Other numbers of demonstrations in other conditions of one split are no difference between heads."""
    split, rows = {"split": "data_efficiency"}, []
    for head in ("para", "act"):
        for condition, demos in ((("demos", "4"), 4), (("demos", "64"), 64)):
            for seed in (0, 1):
                digest = f"{head}-{demos}-{seed}"
                rows += episodes(head, condition, "10", demos=demos, checkpoint_hash=digest, train_seed=seed, **split)
    for condition in (("demos", "4"), ("demos", "64")):
        for seed in (0, 1):
            rows += episodes("noop", condition, "00", demos=0, checkpoint_hash="", train_seed=seed, **split)
    scenes = {("demos", "4"): 2, ("demos", "64"): 2}
    roster = call(
        rows,
        Expected(dict.fromkeys(("para", "act", "noop"), (0, 1)), scenes, describe(SPLITS["data_efficiency"])),
    )
    known = {f"{head}-{demos}-{seed}": {"steps": demos * 10 + seed} for head in ("para", "act") for demos in (4, 64) for seed in (0, 1)}
    met = pairs(roster, "para", roster, "act", known)
    assert [(pair.one["steps"], pair.other["steps"]) for pair in met] == [(40, 40), (41, 41), (640, 640), (641, 641)]
    assert differences(met).unfair == ()
    assert pairs(roster, "para", roster, "noop", known) == []
    known["act-64-1"] = {"steps": 1}
    assert differences(pairs(roster, "para", roster, "act", known)).unfair == ("steps 641 against 1",)


def test_an_augmentation_that_the_same_search_found_belongs_to_the_head() -> None:
    grid, off = "0.001, 0.003 x off/turns (20 demos, lite0)", {"copies": 3, "jitter": 0.0}
    one = {**FACTS_OF_ONE, "rates_tried": grid}

    def told(same_head: bool = False, **change: object) -> tuple[str, ...]:
        return differences([Pair(one, {**one, "augmentation": off, **change}, ("c", "c"))], same_head).unfair

    assert told() == ()
    assert told(same_head=True) == ("augmentation jitter 0.4 against 0.0",)
    assert "augmentation jitter 0.4 against 0.0" in told(rates_tried="0.001 x turns (20 demos, lite0)")
    assert "augmentation jitter 0.4 against 0.0" in told(rates_tried="none")


def test_how_often_policies_look_has_to_be_the_same_unless_it_is_compared() -> None:
    def met(*steps: int | None) -> list[Pair]:
        return [Pair(FACTS_OF_ONE, FACTS_OF_ONE, ("c", "d"), steps)]  # type: ignore[arg-type]

    assert differences(met(12, 2)).unfair == ("waypoints between two looks 12 against 2",)
    assert differences(met(12, 2), between=("replan_steps",)).unfair == ()
    assert differences(met(12, 12)).unfair == differences(met(None, 2)).unfair == ()


def test_a_demonstration_set_counts_where_its_hash_is_not_known() -> None:
    silent = {name: fact for name, fact in FACTS_OF_ONE.items() if name != "demonstrations_hash"}
    pair = Pair(silent, FACTS_OF_ONE, ("c", "c"), demo_seeds=(0, 5))
    assert differences([pair]).unfair == ("demonstration set 0 against 5",)
    assert differences([pair], between=("demonstrations_hash",)).unfair == ()
    assert differences([Pair(FACTS_OF_ONE, FACTS_OF_ONE, ("c", "c"), demo_seeds=(0, 5))]).unfair == ()  # the same by their hash
    assert differences([Pair(silent, silent, ("c", "c"), demo_seeds=(0, None))]).unfair == ()
