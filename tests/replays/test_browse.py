"""Scenes in a window, without a window: keys turn the pages."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from para_bench.demonstrations.keys import ENTER, ESCAPE, PAGE_DOWN, PAGE_UP
from para_bench.replays.browse import browse
from para_bench.sim.base import Knot
from para_bench.sim.simulation import Simulation
from para_bench.types import Scene


class Pages:
    """A screen whose person presses these keys."""

    azimuth_deg = 0.0

    def __init__(self, *keys: list[int] | None) -> None:
        self._keys, self.shown = list(keys), list[tuple[str, str]]()

    def open(self, simulation: Simulation, texts: Sequence[tuple[str, str]]) -> None:
        self.shown.append((simulation.scene.hash, dict(texts)["scene"]))

    def pressed(self) -> list[int] | None:
        return self._keys.pop(0)

    def play(self, knots: Sequence[Knot]) -> None:
        raise AssertionError("nothing moves")


@pytest.mark.parametrize(
    ("keys", "pages"),
    [
        (([PAGE_DOWN], [PAGE_UP], [ESCAPE]), [0, 1, 0]),
        (([PAGE_UP], [ENTER], [PAGE_DOWN], None), [0, 2, 0]),
        (([PAGE_DOWN, PAGE_DOWN], [ESCAPE, PAGE_DOWN]), [0, 2]),
    ],
)
def test_page_keys_turn_the_pages_round(keys: tuple[list[int] | None, ...], pages: list[int], scenes: list[Scene]) -> None:
    browse([(f"scene {i}", lambda i=i: scenes[i]) for i in range(3)], screen := Pages(*keys))
    assert screen.shown == [(scenes[i].hash, f"scene {i}") for i in pages]
