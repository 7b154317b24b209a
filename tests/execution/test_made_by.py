"""What decides a row of the search: its columns, or what it was made by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from para_bench.benchmarks.profiles import PROFILES
from para_bench.data.config import Augmentation
from para_bench.execution import made_by as module
from para_bench.execution.made_by import made_by
from para_bench.execution.tuning import Grid, cells
from para_bench.heads.config import HeadConfig
from para_bench.provenance.closure import _closure, forget
from para_bench.rollouts.config import RunConfig

CONFIG = RunConfig("validation", ("para",), PROFILES["smoke"], backbone="efficientnet_lite0", image_size=64)
RECIPE = CONFIG.recipe("para", 0, CONFIG.find_split().training)


def test_it_is_the_same_in_all_cells_of_a_head_and_another_for_another_head(tmp_path: Path) -> None:
    config = replace(CONFIG, heads=("para", "global_token"), out=tmp_path)
    grid = Grid((1e-3, 3e-3), ("off", "turns"), (5, 6), (2, 4), 3)
    found = {head: {made_by(r, config) for cell, r in cells(config, grid) if cell.head == head} for head in config.heads}
    assert [len(each) for each in found.values()] == [1, 1]
    assert found["para"] != found["global_token"]


@pytest.mark.parametrize(
    "change",
    [
        {"train": replace(RECIPE.train, weight_decay=0.5)},
        {"head_config": replace(RECIPE.head_config, decode="argmax")},
        {"head_config": HeadConfig(as_source=not RECIPE.head_config.as_source)},
        {"demo_seed": 1},
        {"augmentation": replace(RECIPE.augmentation, copies=7)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_settings_without_a_column_are_part_of_it(change: Any, tmp_path: Path) -> None:
    config = replace(CONFIG, out=tmp_path)
    assert made_by(replace(RECIPE, **change), config) != made_by(RECIPE, config)


def test_so_is_the_strength_of_a_named_augmentation(monkeypatch: pytest.MonkeyPatch) -> None:
    before = made_by(RECIPE, CONFIG)
    monkeypatch.setattr(module, "strength", lambda name: Augmentation(jitter=0.1))
    assert made_by(RECIPE, CONFIG) != before


def test_the_runtime_shows_in_the_features() -> None:
    pytest.importorskip("onnxruntime")
    torch, onnx = made_by(RECIPE, CONFIG), made_by(replace(RECIPE, feature_runtime="onnxruntime"), CONFIG)
    assert torch is not None
    assert onnx is not None
    assert onnx.features == f"{torch.features}+onnxruntime"


@pytest.mark.parametrize(
    ("name", "decides"),
    [
        ("heads/para.py", True),
        ("heads/act.py", False),
        ("training/fresh.py", True),
        ("rollouts/rollout.py", True),
        ("rollouts/policy.py", True),
        ("benchmarks/scenes.py", True),
        ("execution/cells.py", True),
        ("execution/tuning.py", False),
        ("report/roster.py", False),
    ],
)
def test_code_that_decides_a_row_is_part_of_it(name: str, decides: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    closure = sys.modules["para_bench.provenance.closure"]
    forget()
    before = made_by(RECIPE, CONFIG)
    with monkeypatch.context() as patch:
        patch.setattr(
            closure, "_source", lambda path: path.read_bytes() + (b"\nEDITED = 1\n" if str(path).endswith(f"para_bench/{name}") else b"")
        )
        _closure.cache_clear()
        now = made_by(RECIPE, CONFIG)
    forget()
    assert (now != before) == decides


def test_weights_that_are_not_trained_yet_are_told(tmp_path: Path) -> None:
    config = replace(CONFIG, backbone="video", out=tmp_path)
    assert made_by(config.recipe("para", 0, config.find_split().training), config) is None
