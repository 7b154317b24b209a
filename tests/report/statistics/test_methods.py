"""Each suite version keeps its statistics."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.report.statistics import seeds, two_way
from para_bench.report.statistics.methods import FIRST_VERSION, methods


@pytest.fixture
def pair() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)  # any seed
    return rng.random((3, 2, 20)) < 0.8, rng.random((3, 2, 20)) < 0.4


def test_version_1_keeps_its_tests(pair: tuple[np.ndarray, np.ndarray]) -> None:
    first = methods(FIRST_VERSION)
    assert first.rate(pair[0]) == seeds.rate(pair[0])
    assert first.compare(*pair)[:2] == (seeds.difference(*pair), seeds.difference_p(*pair))
    control = pair[0][:, :1]
    wide = np.broadcast_to(control, pair[1].shape)
    assert first.gap(control, pair[1])[:2] == (seeds.difference(wide, pair[1]), seeds.difference_p(wide, pair[1]))
    assert (first.nests, first.declared(3, 1)) == (False, seeds.declared(3))


@pytest.mark.parametrize("version", ["2", "3"])
def test_later_versions_have_the_two_way_model(version: str, pair: tuple[np.ndarray, np.ndarray]) -> None:
    later = methods(version)
    assert later.rate(pair[0]) == two_way.rate(pair[0])
    assert later.compare(*pair) == two_way.compare(*pair)
    assert later.gap(pair[0][:, :1], pair[1]) == two_way.gap(pair[0][:, :1], pair[1])
    assert (later.nests, later.declared(6, 3)) == (True, two_way.declared(6, 3))
    assert later.compare(*pair) != methods(FIRST_VERSION).compare(*pair)
