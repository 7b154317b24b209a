"""The runs of a suite as it was chosen: names and devices are checked before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.benchmarks.suites import find_suite
from para_bench.commands.plans.chosen_suite import ChosenSuite
from para_bench.options import MachineOptions, SeenOptions
from para_bench.types import ParaBenchError


def test_a_run_a_task_and_split_has_what_was_chosen(tmp_path: Path) -> None:
    machine = MachineOptions(workers=3, out=tmp_path, device="cpu")
    assert [run.split for run in ChosenSuite("headline", machine, ("novel_view", "id")).runs()] == ["id", "novel_view"]
    chosen = ChosenSuite("factorial", machine, ("id",), 2, 4, SeenOptions(cameras=4), {"episodes": 5}, ("place", "stack"), references=())
    runs = chosen.runs()
    assert [run.split for run in runs] == ["id", "stack.id"]
    for run in runs:
        assert (run.workers, run.out, run.replan_steps, run.cameras, run.references) == (3, tmp_path, 4, 4, ())
        assert (run.profile.episodes, run.profile.demos) == (5, find_suite("factorial").profile.demos)


def test_names_and_devices_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match="suite 'night' is unknown"):
        ChosenSuite("night", MachineOptions(out=tmp_path, device="cpu")).runs()
    away = ChosenSuite("smoke", MachineOptions(out=tmp_path, device="cuda:99"))
    with pytest.raises(ParaBenchError, match="--device is 'cuda:99'"):
        away.runs()
    assert away.runs(here=False)
