"""A cell of a search is rolled out on validation scenes of its task, whatever the number of workers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from para_bench.benchmarks.profiles import PROFILES
from para_bench.execution import cells
from para_bench.execution.cells import outcomes, position_cm
from para_bench.rollouts.config import RunConfig


@pytest.mark.parametrize(("task", "split"), [("place", "validation"), ("stack", "stack.validation")])
def test_it_is_rolled_out_on_validation_scenes(task: str, split: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def run_jobs(jobs: list[Any], workers: int, function: object, few: int) -> list[Any]:
        asked.extend(jobs)
        return []

    monkeypatch.setattr(cells, "run_jobs", run_jobs)
    config = RunConfig(split, ("para",), PROFILES["smoke"])
    recipe = config.recipe("para", 0, config.find_split().training)
    assert outcomes(recipe, Path("folder"), 3, 2, replan_steps=4) == {("id", "0"): []}
    assert [(job.split, job.suite_version, job.scene_index, job.replan_steps) for job in asked] == [(split, 2, i, 4) for i in range(3)]


def test_the_last_line_of_the_curve_counts(tmp_path: Path) -> None:
    (tmp_path / "curve.csv").write_text("step,position_error_cm\n1,9.0\n2,3.5\n")
    assert position_cm(tmp_path) == 3.5
