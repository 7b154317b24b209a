"""Splits of plug-ins: several trainings and maps are theirs to have, and what they say of themselves is checked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from para_bench.benchmarks.conditions import Condition, Split, TrainingSet
from para_bench.benchmarks.descriptions import describe
from para_bench.benchmarks.splits import SPLITS, _prepare, find_split
from para_bench.envs.shifts import identity
from para_bench.plugins import Plugin
from para_bench.records.factors import Axis, Factor
from para_bench.types import ParaBenchError

PLUGIN = Plugin("split", "mine", "my_splits:mine", "my-splits 1.0")
CELLS = tuple(Condition("tilt", f"x{i}y{j}", identity, share=(2 * i + j, 4)) for i in range(2) for j in range(2))
MANY = Condition("demos", "64", identity, training=TrainingSet(demos=64))
MINE = Split(
    "mine",
    "tilts",
    (MANY, *CELLS),
    factors=(Factor("tilt", "map", unit="deg", axes=(Axis("tilt", -5, 5), Axis("turn", 0, 9))), Factor("demos", "curve", pooled=False)),
)


def test_a_plugin_may_train_several_policies_and_draw_maps() -> None:
    said = describe(_prepare(PLUGIN, MINE))
    assert len(MINE.trainings) == 2
    assert said.apart
    assert said.maps == ("tilt",)
    assert [condition.own_training for condition in said.conditions] == [False, True, False, False, False, False]
    assert {key: list(indices) for key, indices in said.scenes(8).items() if key[0] == "tilt"} == {c.key: c.indices(8) for c in CELLS}


@pytest.mark.parametrize(
    "wrong",
    [
        {"factors": (Factor("tilt", "pie"),)},  # type: ignore[arg-type]
        {"factors": (Factor("tilt", title=3),)},  # type: ignore[arg-type]
        {"factors": ("tilt",)},
        {"conditions": (MANY, MANY)},
        {"conditions": (Condition("tilt", 5, identity),)},  # type: ignore[arg-type]
        {"conditions": (Condition("", "5", identity),)},
        {"conditions": (Condition("a\nb", "5", identity),)},
        {"conditions": (Condition("tilt", "5", identity, share=(3, 2)),)},
        {"conditions": (Condition("tilt", "5", identity, share=5),)},  # type: ignore[arg-type]
        {"conditions": ("tilt",)},
        {"conditions": 3},
        {"version": "1"},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_what_could_not_be_read_again_is_refused(wrong: dict) -> None:
    with pytest.raises(ParaBenchError, match=r"split 'mine' .*allowed: ") as told:
        _prepare(PLUGIN, replace(MINE, **wrong))
    assert str(told.value).isprintable()


def test_another_thing_is_no_split() -> None:
    with pytest.raises(ParaBenchError, match="gives a int; allowed: a Split named 'mine'"):
        _prepare(PLUGIN, 3)
    with pytest.raises(ParaBenchError, match="gives a split named 'id'"):
        _prepare(PLUGIN, SPLITS["id"])
    with pytest.raises(ParaBenchError, match="split 'nowhere' is unknown"):
        find_split("nowhere")


def test_a_name_of_one_task_with_another_task_is_refused() -> None:
    assert find_split("stack.id", "stack") == find_split("stack.id") == find_split("id", "stack")
    with pytest.raises(ParaBenchError, match=r"split 'stack\.id' is of task stack, and the task is insert; allowed: one of them"):
        find_split("stack.id", "insert")
