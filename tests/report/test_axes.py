"""Axes of arrays of episodes."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.report.axes import by_demo_seed, by_level
from para_bench.types import ParaBenchError


def test_levels_that_share_scenes_are_an_axis_and_others_add_scenes() -> None:
    one, other = np.arange(6).reshape(2, 3), np.arange(6, 12).reshape(2, 3)
    shared, joined = by_level([one, other], True), by_level([one, other[:, :1]], False)
    assert (shared.shape, joined.shape) == ((2, 2, 3), (2, 1, 4))
    assert shared[1].tolist() == [[3, 4, 5], [9, 10, 11]]
    assert joined[1, 0].tolist() == [3, 4, 5, 9]


def test_training_seeds_are_nested_in_their_demonstration_sets() -> None:
    values = np.arange(8).reshape(4, 2)
    assert by_demo_seed(values, [0, 1, 0, 1], "head para").tolist() == [[[0, 1], [4, 5]], [[2, 3], [6, 7]]]
    assert by_demo_seed(values, [3] * 4, "head para") is values
    with pytest.raises(ParaBenchError, match="head para has training seeds by demonstration set 3 on 0, 1 on 1"):
        by_demo_seed(values, [0, 0, 0, 1], "head para")
