"""What an episode is expected to take, from one that goes the expert's way."""

from __future__ import annotations

import pytest

from para_bench.execution.rates import EpisodeCost


@pytest.mark.parametrize(("waypoints", "limit", "expected"), [(24, 48, 1.5), (48, 48, 1.0), (30, 45, 1.25)])
def test_an_episode_is_midway_between_success_and_the_limit(waypoints: float, limit: int, expected: float) -> None:
    assert EpisodeCost(1.0, waypoints, limit).expected_s == pytest.approx(expected)
