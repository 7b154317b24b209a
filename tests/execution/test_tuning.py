"""The search: every head gets the same grid, a row a cell as it comes, and what is in the table is not run again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from para_bench.benchmarks.profiles import PROFILES
from para_bench.benchmarks.searched import NO_GRASP_CM, read, write
from para_bench.execution import cells as execution_cells
from para_bench.execution import tuning
from para_bench.execution.made_by import MadeBy
from para_bench.execution.tuning import Grid, cells, tune
from para_bench.rollouts.config import RunConfig
from para_bench.types import content_hash

GRID = Grid(rates=(1e-3, 3e-3), augmentations=("off", "turns"), steps=(5,), demos=(2, 4), scenes=3)
CONFIG = RunConfig("validation", ("para", "global_token"), PROFILES["smoke"], backbone="efficientnet_lite0")


def test_every_head_gets_the_same_grid() -> None:
    found = list(cells(CONFIG, GRID))
    grids = {head: {(c.demos, c.steps, c.learning_rate, c.augmentation) for c, _ in found if c.head == head} for head in CONFIG.heads}
    assert grids["para"] == grids["global_token"]
    assert len(found) == 2 * 8 == len({recipe.name + str(recipe.train) + str(recipe.augmentation) for _, recipe in found})
    for cell, recipe in found:
        said = (recipe.head, recipe.demos, recipe.train.steps, recipe.train.learning_rate, recipe.backbone)
        assert said == (cell.head, cell.demos, cell.steps, cell.learning_rate, cell.backbone)
        assert (recipe.augmentation.jitter > 0, recipe.augmentation.copies) == (cell.augmentation == "turns", CONFIG.profile.copies)


@pytest.fixture
def trainings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Recipes that were trained, in place of training them and of rolling them out."""
    trainings: list[Any] = []
    grasps = [0.01, None, 0.03]
    episodes = [SimpleNamespace(grasp_error_m=g, success_at_end=g == 0.01, strict_success=g == 0.01) for g in grasps]

    def run_jobs(jobs: list[Any], *_: object) -> list[Any]:
        """Scenes of all cells mixed, as workers may hand them back."""
        mixed = sorted(jobs, key=lambda job: job.scene_index)
        return [[SimpleNamespace(job=job, outcome=episodes[job.scene_index])] for job in mixed]

    monkeypatch.setattr(tuning, "train_recipes", lambda recipes, *_: trainings.extend(recipes))
    monkeypatch.setattr(tuning, "trained", lambda recipe, *_, **__: tmp_path / content_hash(recipe))
    monkeypatch.setattr(execution_cells, "position_cm", lambda _: 2.5)
    monkeypatch.setattr(tuning, "run_jobs", run_jobs)
    monkeypatch.setattr(tuning, "made_by", lambda *_: MadeBy("lite0@ab", "one"))
    return trainings


def test_what_is_in_the_table_is_not_run_again(tmp_path: Path, trainings: list[Any]) -> None:
    table = tmp_path / "searched.csv"
    rows = tune(CONFIG, GRID, table)
    assert rows == read(table)
    assert len(trainings) == len(rows) == 16
    assert {(row.success, row.strict, row.grasp_cm, row.position_cm, row.made_by) for row in rows} == {
        (1, 1, 3.0, 2.5, ("lite0@ab", "one"))
    }
    assert NO_GRASP_CM > 3  # a scene without a grasp is the worst of the three
    assert tune(CONFIG, GRID, table) == rows
    assert len(trainings) == 16


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (MadeBy("lite0@ab", "two"), "measured again: code or settings changed (8)"),
        (MadeBy("lite0@ab+onnxruntime", "two"), "measured again: features lite0@ab -> lite0@ab+onnxruntime (8)"),
    ],
)
def test_rows_by_other_code_or_features_are_run_again_with_a_word(
    made: MadeBy, words: str, tmp_path: Path, trainings: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table, config = tmp_path / "searched.csv", replace(CONFIG, heads=("para",))
    tune(CONFIG, GRID, table)
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(tuning, "made_by", lambda *_: made)
    rows = tune(config, GRID, table)
    assert len(trainings) == 16 + 8
    assert {row.made_by for row in rows} == {made}
    assert read(table)[8:] == rows  # the newest rows come last, each cell once
    assert capsys.readouterr().out == f"para: cells {words}\n"
    tune(config, GRID, table)
    assert len(trainings) == 16 + 8


def test_a_row_whose_code_is_not_known_is_kept_with_a_word(
    tmp_path: Path, trainings: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    table, config = tmp_path / "searched.csv", replace(CONFIG, heads=("para",))
    write(table, [replace(row, features="", code="") for row in tune(config, GRID, table)])
    tune(config, GRID, table)
    assert len(trainings) == 8
    words = "para: cells taken from the table; their code is not known (delete the rows to measure them again) (8)\n"
    assert capsys.readouterr().out == words
