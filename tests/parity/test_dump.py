from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np

from para_bench.tensors import ENCODED_DIM, STATE_DIM
from para_bench.types import ACTIONS
from parity.dump import STATE_NAMES, WAYPOINT_NAMES, Dump, load, save


def test_round_trip(small_dump: Dump, tmp_path: Path) -> None:
    save(small_dump, tmp_path / "deep" / "train.npz")
    found = load(tmp_path / "deep" / "train.npz")
    for f in fields(Dump):
        if f.name != "levels":
            before, after = getattr(small_dump, f.name), getattr(found, f.name)
            assert after.dtype == before.dtype
            np.testing.assert_array_equal(after, before)
    assert len(found.levels) == 2
    for before, after in zip(small_dump.levels, found.levels, strict=True):
        np.testing.assert_array_equal(after, before)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["train.npz"]


def test_names_are_those_of_our_encoding() -> None:
    assert ACTIONS.names == WAYPOINT_NAMES
    assert len(STATE_NAMES) == STATE_DIM == ENCODED_DIM
