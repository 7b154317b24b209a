"""A part of a run: what it trains and rolls out is made, and nothing is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.benchmarks.conditions import Condition
from para_bench.benchmarks.profiles import Profile
from para_bench.records import current
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.policies import WHOLE, Entry
from para_bench.runs import run
from para_bench.training.recipe import Recipe


class OddScenes:
    """Of references alone."""

    def trains(self, recipe: Recipe) -> bool:
        return False

    def rolls(self, entry: Entry, condition: Condition, index: int) -> bool:
        return not entry.checkpoints and index % 2 == 1


def test_the_whole_has_everything() -> None:
    entry, condition = Entry("oracle", 0), Condition("id", "0", lambda scene, _: scene)
    assert all(WHOLE.rolls(entry, condition, index) for index in range(3))
    assert WHOLE.trains(Recipe("para", 0, 3))


@pytest.mark.integration
def test_what_is_another_machine_s_is_neither_trained_nor_marked_nor_rolled_out(tmp_path: Path) -> None:
    config = RunConfig(
        "id", ("para",), Profile(1, 1, 4, 2, 2, 0), image_size=64, workers=1, out=tmp_path, references=("noop",), device="cpu"
    )
    done, expected = run(config, OddScenes())
    assert [(r.head, r.scene_index) for r in done] == [("noop", 1), ("noop", 3)]
    assert {place.head for place in current.read(tmp_path / "id")} == {"noop"}
    assert not (tmp_path / "checkpoints").exists()
    assert not (tmp_path / "id/videos").exists()
    assert list(expected.seeds) == ["para", "noop"]  # of the whole
