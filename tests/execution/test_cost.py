"""What demonstrations cost is said, or refused, before anything is started: of a run, of a suite and of a search."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from para_bench.benchmarks.profiles import Profile
from para_bench.benchmarks.splits import find_split
from para_bench.commands.plans import suite_plan, suite_run
from para_bench.commands.plans.chosen_suite import ChosenSuite
from para_bench.commands.run import Run
from para_bench.execution import cost
from para_bench.execution.cost import refuse_too_large
from para_bench.execution.estimate import Estimate
from para_bench.execution.tuning import Grid, tune
from para_bench.options import ExecutorOptions, MachineOptions, SizeOptions
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.policies import recipes
from para_bench.training.recipe import Recipe
from para_bench.types import ParaBenchError

NOWHERE = Path("/nowhere")
TOO_LARGE = r"demonstrations and their copies need about .* GB of features .* h, found 100 GB free in .*; allowed: fewer demonstrations"


def plan(demos: int, heads: tuple[str, ...] = ("para",), split: str = "id", **changes: Any) -> list[Recipe]:
    run = RunConfig(split, heads, Profile(demos, 1, 2, 10, 8, 3), out=NOWHERE, **changes)
    return list(recipes(run, find_split(split)))


@pytest.fixture(autouse=True)
def a_disk_of_100_gb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "not/there/yet"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=100e9))


def test_more_than_the_disk_holds_is_refused() -> None:
    with pytest.raises(ParaBenchError, match=r"100000 demonstrations .* 1600 GB .* found 100 GB free in .*; allowed: fewer"):
        refuse_too_large(plan(100_000), NOWHERE)
    refuse_too_large(plan(100_000, heads=("oracle",)), NOWHERE)  # trains nothing


def test_a_cache_that_cannot_be_written_is_refused_before_the_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for cache in ("file", "file/below"):
        monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / cache))
        with pytest.raises(ParaBenchError, match=rf"the cache .*/{cache} cannot be written; allowed: PARA_BENCH_CACHE that names a folder"):
            refuse_too_large(plan(3), NOWHERE)
        monkeypatch.setattr("para_bench.execution.cost.find_checkpoint", lambda *_: tmp_path)  # nothing is left to train
        refuse_too_large(plan(3), NOWHERE)
        monkeypatch.undo()


def test_training_sets_add_up_and_heads_share_them() -> None:
    one, several = (plan(10_000, split=split, augmentation="off") for split in ("id", "camera_diversity"))
    refuse_too_large(one, NOWHERE)  # 160 GB: an estimate may be wrong by half
    with pytest.raises(ParaBenchError, match=rf"{10_000 * len(several)} demonstrations"):
        refuse_too_large(several, NOWHERE)
    refuse_too_large(plan(10_000, ("para", "global_token", "act"), augmentation="off"), NOWHERE)
    with pytest.raises(ParaBenchError, match="20000 demonstrations"):
        refuse_too_large([*one, *(replace(recipe, demo_seed=1) for recipe in one)], NOWHERE)


def test_what_is_finished_or_kept_needs_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(cost, "list_cache", lambda root: [SimpleNamespace(bytes=700e9)])
        refuse_too_large(plan(100_000), NOWHERE)
    monkeypatch.setattr(cost, "find_checkpoint", lambda recipe, out, weights: out)
    refuse_too_large(plan(100_000), NOWHERE)


def test_minutes_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    refuse_too_large(plan(20), NOWHERE)
    assert capsys.readouterr().err == ""
    refuse_too_large(plan(6000), NOWHERE)
    assert "6000 demonstrations take about 15 min to collect, once" in capsys.readouterr().err


def started(*_: Any, **__: Any) -> None:
    raise AssertionError("nothing may start")


def test_runs_suites_and_searches_are_all_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine = MachineOptions(workers=1, out=tmp_path / "runs", device="cpu")
    for name in ("para_bench.execution.local.train_recipes", "para_bench.execution.tuning.train_recipes"):
        monkeypatch.setattr(name, started)
    with pytest.raises(ParaBenchError, match=TOO_LARGE):
        Run(size=SizeOptions(demos=100_000), machine=machine)()
    for shard in (None, "1/2"):
        with pytest.raises(ParaBenchError, match=TOO_LARGE):
            suite_run.run_suite(ChosenSuite("headline", machine, ("id",), sizes={"demos": 100_000}), shard=shard)
    config = RunConfig("id", ("para",), Profile(20, 1, 2, 10, 8, 3), out=machine.out, device="cpu")
    with pytest.raises(ParaBenchError, match=TOO_LARGE):
        tune(config, Grid((1e-3,), ("turns",), (3,), (100_000,), 2), tmp_path / "searched.csv")
    assert not (tmp_path / "runs").exists()


def test_the_disk_of_a_cluster_is_another_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def cluster(name: str, address: str | None) -> None:
        raise KeyError(name)

    monkeypatch.setattr("para_bench.execution.executor.executor", cluster)
    machine = MachineOptions(workers=1, out=tmp_path / "runs", device="cpu")
    with pytest.raises(KeyError, match="ray"):
        suite_run.run_suite(ChosenSuite("headline", machine, ("id",), sizes={"demos": 100_000}), where=ExecutorOptions("ray"))


@pytest.mark.parametrize("needed", [99e9, 101e9])
def test_a_plan_says_where_its_own_number_is_too_large(
    needed: float, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = Estimate(0, 0, 0, 0, 0, int(needed))
    monkeypatch.setattr("para_bench.execution.timing.time_plan", lambda runs, trainings: None)
    monkeypatch.setattr("para_bench.execution.estimate.estimate", lambda *_: left)
    monkeypatch.setattr("para_bench.execution.estimate.machines_s", lambda *_: 0.0)
    suite_plan.show_plan(ChosenSuite("smoke", MachineOptions(workers=1, out=tmp_path / "runs", device="cpu")))
    assert ("NOT ENOUGH DISK: 100 GB are free" in capsys.readouterr().out) == (needed > 100e9)


def test_the_same_features_are_counted_once() -> None:
    recipe: Sequence[Recipe] = plan(10, ("para", "global_token"), augmentation="turns")
    assert len(cost.inputs(recipe)) == 1
    assert len(cost.inputs([*recipe, *(replace(each, demos=11) for each in recipe)])) == 2
