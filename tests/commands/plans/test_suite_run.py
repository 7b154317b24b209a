"""A suite: what splits share is trained first, then split after split; a plan does neither."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from para_bench.benchmarks.suites import find_suite
from para_bench.commands.plans import suite_run
from para_bench.commands.plans.chosen_suite import ChosenSuite
from para_bench.options import ExecutorOptions, MachineOptions
from para_bench.rollouts.lock import output_lock
from para_bench.types import ParaBenchError


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was trained and run, in order."""
    found: list[Any] = []
    monkeypatch.setattr(
        "para_bench.execution.local.train_recipes", lambda left, run, at_once: found.append((len(left), at_once, run.workers))
    )
    monkeypatch.setattr("para_bench.commands.parts.shown_run.run_and_show", lambda run, elsewhere: found.append(run))
    return found


def test_trainings_come_first_then_every_split(done: list[Any], tmp_path: Path) -> None:
    machine = MachineOptions(workers=3, out=tmp_path / "runs", device="cpu")
    suite_run.run_suite(ChosenSuite("headline", machine, ("novel_view", "id")), trainings_at_once=2)
    first, *runs = done
    assert first == (9, 2, 3)  # three heads, three seeds, shared by both splits
    suite = find_suite("headline")
    assert [run.split for run in runs] == ["id", "novel_view"]
    for run in runs:
        assert (run.heads, run.profile, run.workers, run.out) == (suite.heads, suite.profile, 3, tmp_path / "runs")


def test_a_folder_that_another_run_writes_to_is_refused_before_training(done: list[Any], tmp_path: Path) -> None:
    with output_lock(tmp_path / "runs"), pytest.raises(ParaBenchError, match="another para-bench is writing"):
        suite_run.run_suite(ChosenSuite("smoke", MachineOptions(out=tmp_path / "runs", device="cpu")))
    assert done == []


def test_a_device_that_is_not_here_is_refused_first(done: list[Any], tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match="--device is 'cuda:99'"):
        suite_run.run_suite(ChosenSuite("smoke", MachineOptions(out=tmp_path / "runs", device="cuda:99")))
    assert done == []


def test_a_cluster_trains_what_is_left_and_runs_every_split(done: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Cluster:
        def train(self, left: Any, run: Any, at_once: int | None) -> None:
            done.append((len(left), at_once))

    asked: list[Any] = []
    monkeypatch.setattr(
        "para_bench.execution.executor.executor", lambda name, address: (asked.append((name, address)), nullcontext(Cluster()))[1]
    )
    machine = MachineOptions(workers=1, out=tmp_path / "runs", device="cuda")  # the nodes', whatever is here
    suite_run.run_suite(ChosenSuite("headline", machine, ("id",)), trainings_at_once=4, where=ExecutorOptions("ray", "10.0.0.1:6379"))
    assert asked == [("ray", "10.0.0.1:6379")]
    first, run = done
    assert first == (9, 4)
    assert run.split == "id"
    with pytest.raises(ParaBenchError, match="--shard is '1/2' with --executor ray"):
        suite_run.run_suite(ChosenSuite("smoke", machine), shard="1/2", where=ExecutorOptions("ray"))
