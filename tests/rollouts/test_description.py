"""Functions as what they do: equal descriptions where they were made from equal values, others otherwise."""

from __future__ import annotations

import json
import operator
import re
import threading
from collections import deque
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from para_bench.benchmarks.splits import SPLITS
from para_bench.envs.sampling import Placement, Region
from para_bench.envs.shifts import chain, identity
from para_bench.envs.shifts.positions import placed
from para_bench.envs.shifts.views import view_angle
from para_bench.rollouts.description import describe
from para_bench.types import ParaBenchError, content_hash


def found(value: object) -> tuple[str, set[str]]:
    modules: set[str] = set()
    return content_hash(describe(value, modules)), modules


def test_a_shift_is_its_function_and_what_it_was_made_from() -> None:
    assert found(view_angle(25)) == found(view_angle(25)) != found(view_angle(26))
    assert found(chain(identity, view_angle(25)))[0] != found(chain(view_angle(25), identity))[0]
    assert found(placed(Placement()))[0] != found(placed(Placement(Region((0.1, 0.1), (0.2, 0.2)))))[0]
    assert found(chain(identity, view_angle(25)))[1] >= {"para_bench.envs.shifts", "para_bench.envs.shifts.views"}


class Shift:
    def __init__(self, by: float) -> None:
        self.by = by

    def move(self, scene: object) -> float:
        return self.by


def test_other_callables_are_described_too() -> None:
    for make in (Shift, lambda by: Shift(by).move, lambda by: partial(view_angle, by), lambda by: partial(view_angle, deg=by)):
        assert found(make(1.0))[0] == found(make(1.0))[0] != found(make(2.0))[0]


def test_the_last_bit_of_a_number_and_the_kind_of_array_do_not_count() -> None:
    assert found(0.1 + 0.2)[0] == found(0.3)[0] == found(np.float64(0.3))[0]
    assert found(np.array([1, 2]))[0] == found((1, 2))[0] == found([1, 2])[0]
    assert found({3, 1})[0] == found({1, 3})[0]


def test_a_value_that_holds_itself_ends() -> None:
    def again() -> object:
        return again

    assert found(again)[0]


def test_every_condition_of_a_split_differs_from_the_others() -> None:
    for split in SPLITS.builtin.values():
        shifts = {c.key: found(c.shift)[0] for c in split.conditions if c.training is None and c.level != "0"}
        assert len(set(shifts.values())) == len(shifts), split.name


class Slotted:
    __slots__ = ("by",)

    def __init__(self, by: float) -> None:
        self.by = by


@pytest.mark.parametrize(
    "make",
    [
        Slotted,
        Fraction,
        Decimal,
        range,
        slice,
        complex,
        lambda n: bytes([n]),
        lambda n: Path(f"{n}"),
        lambda n: re.compile(f"{n}"),
        lambda n: torch.tensor([n]),
        lambda n: np.array([n]),
        lambda n: deque([n]),
        lambda n: operator.attrgetter(f"a{n}"),
        lambda n: operator.itemgetter(n),
    ],
)
def test_values_that_a_shift_holds_are_told_apart(make) -> None:
    assert found(make(1)) == found(make(1))
    assert found(make(1))[0] != found(make(2))[0]
    assert found(lambda: make(1)) == found(lambda: make(1))


def test_a_module_that_a_shift_holds_is_its_name() -> None:
    """Its contents would be followed without end."""

    def holds(module: object) -> object:
        return lambda scene, rng: module

    assert found(holds(json))[0] == found(holds(json))[0] != found(holds(np))[0]
    assert describe(holds(torch), set())["holds"] == {"module": {"module": "torch"}}


def test_what_cannot_be_told_apart_is_refused() -> None:
    with pytest.raises(ParaBenchError, match="found a lock in a shift; allowed: values that can be pickled"):
        found([threading.Lock()])
