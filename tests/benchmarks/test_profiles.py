"""The settings in use are those that the recorded search found, and the search was the same for every head."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

from para_bench.benchmarks.profiles import LEARNING_RATES, PROFILES, SEARCHED_DEMOS, SEARCHED_RATES, resized, steps_for
from para_bench.heads import HEADS
from para_bench.optimisation.loop import TrainConfig

TABLE = Path(__file__).resolve().parents[2] / "results/v1/tuning.csv"
GAIN = 10
"""Successes of 100 for which a rate would change on the present default, as results/v1/TUNING.md fixed before that search."""


def searched(table: Path = TABLE) -> dict[str, dict[float, tuple[int, float]]]:
    """Successes and minus the position error [cm], by head and learning rate, at the default demonstrations and the weight decay in use."""
    found: dict[str, dict[float, tuple[int, float]]] = {}
    with table.open() as file:
        for row in csv.DictReader(file):
            if row["demos"] == str(SEARCHED_DEMOS) and float(row["weight_decay"]) == TrainConfig().weight_decay:
                found.setdefault(row["head"], {})[float(row["learning_rate"])] = (int(row["success"]), -float(row["val_cm"]))
    return found


def test_every_head_got_the_same_search() -> None:
    rates = {head: set(found) for head, found in searched().items()}
    assert len({frozenset(found) for found in rates.values()}) == 1
    owed = (TABLE.parent / "TUNING.md").read_text().split("## Owed")[1]
    assert {head for head in HEADS.builtin if f"`{head}`: no search" in owed} == set(HEADS.builtin) - set(rates)


def test_rates_in_use_are_the_best_found() -> None:
    assert {head: max(found, key=lambda rate: found[rate]) for head, found in searched().items()} == LEARNING_RATES


def test_the_fairness_record_states_the_rates_that_were_tried() -> None:
    assert {head: set(found) for head, found in searched().items()} == {head: set(SEARCHED_RATES) for head in LEARNING_RATES}


def test_no_other_rate_gains_on_the_present_default() -> None:
    found = searched(TABLE.with_name("tuning_lite0_multiview.csv"))
    assert found
    for head, rates in found.items():
        assert max(k for k, _ in rates.values()) < rates[LEARNING_RATES[head]][0] + GAIN, head


def test_other_numbers_of_demonstrations_keep_the_epochs_unless_steps_are_given() -> None:
    default = PROFILES["default"]
    assert resized(default, {"demos": 64}, True) == replace(default, demos=64, steps=5120)
    assert resized(default, {"demos": 64}, False) == replace(default, demos=64)
    assert resized(default, {"demos": 64, "steps": 100}, True) == replace(default, demos=64, steps=100)
    assert resized(default, {"seeds": 3}, True) == replace(default, seeds=3)
    assert steps_for(PROFILES["smoke"], 0) == 1
