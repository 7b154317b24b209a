"""A shard of a suite trains its own share first, then rolls out its own episodes, and prints no table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from para_bench.commands.plans import shard_run, suite_run
from para_bench.commands.plans.chosen_suite import ChosenSuite
from para_bench.options import MachineOptions


def test_trainings_come_first_and_only_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    done: list[Any] = []
    monkeypatch.setattr("para_bench.execution.local.train_recipes", lambda left, run, at_once: done.append(left))
    monkeypatch.setattr(shard_run, "run", lambda config, part: (done.append((config.split, part)), ([], None))[1])
    monkeypatch.setattr(shard_run, "state", lambda config, found: done.append(config.split))
    trained = []
    for index in (1, 2):
        done.clear()
        machine = MachineOptions(workers=1, out=tmp_path / str(index), device="cpu")
        suite_run.run_suite(ChosenSuite("headline", machine, ("id", "left_to_right"), suite_version=1), shard=f"{index}/2")
        left, *rest = done
        assert [each if isinstance(each, str) else each[0] for each in rest] == ["id", "id", "left_to_right", "left_to_right"]
        assert all(part.trains(recipe) for _, part in rest[::2] for recipe in left)
        assert "%" not in capsys.readouterr().out
        trained += left
    assert len(trained) == len(set(trained)) == 18  # three heads, three seeds, two sets of demonstrations
