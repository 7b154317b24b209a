"""The suite of a baseline, run anew: what each layer asks for, and baselines of another suite or version."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from para_bench.benchmarks.suites import find_suite
from para_bench.commands.plans import baseline_run
from para_bench.commands.plans.baseline_run import refuse_other_versions, run_baseline_suite
from para_bench.commands.plans.chosen_suite import ChosenSuite
from para_bench.options import MachineOptions
from para_bench.report.gate.baselines import FIXED, RETRAINED, Baseline, Vector
from para_bench.training.specification import CONFIG
from para_bench.types import ParaBenchError

CI = Baseline(
    "ci", "1", {"combined": 1}, {}, (0, 1, 2), (), (), (Vector("para", 4, "abc", "combined", "id", "0", "1"),), (), ()
)  # fmt: skip
PATH = Path("baselines/ci.json")


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    found: list[Any] = []
    monkeypatch.setattr(baseline_run, "run_suite", found.append)
    monkeypatch.setattr(
        baseline_run, "roll_out_kept", lambda run, kept, demos: found.append((run.split, run.suite_version, run.workers, kept, demos))
    )
    return found


def test_each_layer_runs_its_own_part(done: list[Any], tmp_path: Path) -> None:
    machine = MachineOptions(workers=3, out=tmp_path, device="cpu")
    trained = ChosenSuite("ci", machine, suite_version=1, feature_runtime="torch", references=())
    rolled_out = ("combined", 1, 3, {"para": (4, Path("baselines/ci/para"))}, find_suite("ci").profile.demos)
    for layers, expected in (((RETRAINED,), [trained]), ((FIXED,), [rolled_out]), ((FIXED, RETRAINED), [trained, rolled_out])):
        done.clear()
        assert run_baseline_suite(CI, PATH, machine, layers) == tmp_path
        assert done == expected


@pytest.mark.parametrize("changed", [{"retrain": (0, 1)}, {"splits": {"id": 1}}])
def test_a_suite_that_runs_something_else_is_refused(changed: dict[str, Any], done: list[Any], tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"suite ci runs .*; allowed: the same, or --results"):
        run_baseline_suite(replace(CI, **changed), PATH, MachineOptions(out=tmp_path), (FIXED, RETRAINED))
    assert done == []


def test_records_of_other_scenes_are_refused() -> None:
    refuse_other_versions(CI)
    refuse_other_versions(replace(CI, splits={"stack.combined": 1}))
    with pytest.raises(ParaBenchError, match="of suite version 0; allowed: this code's 1, 2"):
        refuse_other_versions(replace(CI, suite_version="0"))
    with pytest.raises(ParaBenchError, match="of version 7 of split combined; allowed: this code's 1"):
        refuse_other_versions(replace(CI, splits={"combined": 7}))


@pytest.mark.parametrize(("features", "runtime"), [("lite0@abc", "torch"), ("lite0@abc+onnxruntime", "onnxruntime")])
def test_heads_trained_anew_have_the_features_of_the_kept_ones(
    features: str, runtime: str, done: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, second = tmp_path / "ci.json", replace(CI, suite_version="2")
    (tmp_path / "ci/para").mkdir(parents=True)
    (tmp_path / "ci/para" / CONFIG).touch()
    monkeypatch.setattr(baseline_run, "read_spec", lambda folder: SimpleNamespace(features=SimpleNamespace(backbone=features)))
    run_baseline_suite(second, path, MachineOptions(out=tmp_path, device="cpu"), (RETRAINED,))
    assert [suite.feature_runtime for suite in done] == [runtime]
