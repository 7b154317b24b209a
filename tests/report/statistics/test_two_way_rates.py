"""Size and power of the two-way model beside the older test, on the worlds of perf/two_way.py, which prints the tables."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from perf_scripts import script

pytestmark = pytest.mark.slow

TRIALS = 600
SIZE = 0.05 + 2.5 * (0.05 * 0.95 / TRIALS) ** 0.5
"""Two and a half standard errors of the simulation above 5 %."""


@pytest.fixture(scope="module")
def perf() -> SimpleNamespace:
    return script("two_way")


def test_rates_of_the_worlds_are_those_stated(perf: SimpleNamespace) -> None:
    """Over new draws of everything, both methods and both conditions; a null must be one."""
    for draw in (perf.outcomes, perf.conditions):
        for name, loss in (("seeds of one method only", 0.0), ("sets, shared and own, and scenes", 0.2)):
            rng = perf.np.random.default_rng(0)  # fixed: a simulation that must not flicker
            pairs = [draw(rng, perf.NULLS[name], perf.SIX, loss) for _ in range(TRIALS)]
            first, second = (sum(values.mean() for values in side) / TRIALS for side in zip(*pairs, strict=True))
            assert first == pytest.approx(0.6, abs=0.02)  # two and a half standard errors of the draw
            assert second == pytest.approx(0.6 - loss, abs=0.02)


def test_three_seeds_keep_to_five_percent(perf: SimpleNamespace) -> None:
    for name, world in perf.NULLS.items():
        if not (world.shared_set or world.own_set):  # one set says nothing about others
            assert perf.rejected(world, perf.THREE, TRIALS, [perf.newer])[0] <= SIZE, name
            assert perf.rejected(world, perf.THREE, TRIALS, [perf.newer_gap], draw=perf.conditions)[0] <= SIZE, name


def test_three_sets_keep_to_five_percent(perf: SimpleNamespace) -> None:
    for name, world in perf.NULLS.items():
        assert perf.rejected(world, perf.SIX, TRIALS, [perf.newer])[0] <= SIZE, name
        assert perf.rejected(world, perf.SIX, TRIALS, [perf.newer_gap], draw=perf.conditions)[0] <= SIZE, name


def test_six_trainings_on_three_sets_are_no_six_seeds(perf: SimpleNamespace) -> None:
    """What the sets are for: trainings on one set agree for the set's sake, and the older test takes that for evidence."""
    world = perf.NULLS["sets, good for one method"]
    older, newer = perf.rejected(world, perf.SIX, TRIALS, [perf.older, perf.newer])
    assert newer <= SIZE < 0.1 < older
    assert perf.rejected(world, perf.THREE, TRIALS, [perf.newer])[0] > 0.2  # and so would three seeds of one set


def test_one_training_each_is_the_older_test(perf: SimpleNamespace) -> None:
    older, newer = perf.rejected(perf.NULLS["scenes that like one method"], perf.ONE, TRIALS, [perf.older, perf.newer])
    assert older == newer <= SIZE


def test_finds_more_than_the_older_test(perf: SimpleNamespace) -> None:
    for name in ("seeds", "seeds and scenes"):
        older, newer = perf.rejected(perf.NULLS[name], perf.THREE, TRIALS, [perf.older, perf.newer], 0.2)
        assert newer > older, name


def test_intervals_of_rates_hold_nearly_what_they_say(perf: SimpleNamespace) -> None:
    """95 % intervals of 3 sets x 2 seeds: 91 % where sets differ by 10 points, more in milder worlds."""
    for world in (perf.World(own_set=0.4, seed=0.2), perf.World(seed=0.3, liking=0.7), perf.World(rate=0.97, seed=0.2)):
        rng, held, older = perf.np.random.default_rng(0), 0, 0  # fixed: a simulation that must not flicker
        for _ in range(TRIALS):
            outcomes, _ = perf.outcomes(rng, world, perf.SIX)
            found, known = perf.two_way.rate(outcomes), perf.seeds.rate(outcomes.reshape(6, 1, -1))
            held += found.low <= world.rate <= found.high
            older += known.low <= world.rate <= known.high
        assert held / TRIALS >= 0.88  # three standard errors below 0.91
        assert held > older
