"""A checkpoint is found without torch, and only where all that it starts from is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.training import found
from para_bench.training.feature_specs import feature_spec
from para_bench.training.found import find_checkpoint, own_backbone
from para_bench.training.recipe import Recipe
from para_bench.training.specification import BACKBONE_WEIGHTS, CONFIG

RECIPE = Recipe("para", 0, 2, backbone="efficientnet_lite0", image_size=64)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))


def finish(recipe: Recipe, out: Path, weights: Path | None = None) -> Path:
    folder = recipe.folder(feature_spec(recipe, weights), out)
    folder.mkdir(parents=True)
    (folder / CONFIG).write_text("{}")
    return folder


def test_a_finished_one_alone_is_found(tmp_path: Path) -> None:
    assert find_checkpoint(RECIPE, tmp_path) is None
    folder = finish(RECIPE, tmp_path)
    assert find_checkpoint(RECIPE, tmp_path) == folder
    assert find_checkpoint(replace(RECIPE, train_seed=1), tmp_path) is None
    (folder / CONFIG).unlink()  # written last: without it the training was cut off
    assert find_checkpoint(RECIPE, tmp_path) is None


def test_one_that_starts_from_another_needs_that_one(tmp_path: Path) -> None:
    tuned = replace(RECIPE, demos=1, base=RECIPE)
    folder = finish(tuned, tmp_path)
    assert find_checkpoint(tuned, tmp_path) is None
    finish(RECIPE, tmp_path)
    assert find_checkpoint(tuned, tmp_path) == folder


def test_fine_tuning_goes_on_from_the_tuned_backbone(tmp_path: Path) -> None:
    assert own_backbone(replace(RECIPE, finetune=True), tmp_path) == tmp_path / BACKBONE_WEIGHTS
    assert own_backbone(RECIPE, tmp_path) is None
    assert own_backbone(replace(RECIPE, finetune=True), None) is None


def test_weights_that_runs_make_are_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without them nothing is known of the features, and no backbone is built."""
    monkeypatch.setattr(found, "feature_spec", lambda *_: pytest.fail("asked for features"))
    assert find_checkpoint(replace(RECIPE, backbone="video", backbone_steps=3), tmp_path) is None
