"""Features told from a file of the cache: the same as those of the backbone, and never of other weights or another size."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.torch import save_file

from para_bench.backbones import BACKBONES, backbone_row
from para_bench.backbones.create import create_backbone
from para_bench.training import feature_specs
from para_bench.training.feature_specs import FOLDER, feature_spec
from para_bench.training.recipe import Recipe
from para_bench.types import FeatureSpec

RECIPE = Recipe("para", 0, 2, backbone="efficientnet_lite0", image_size=64)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
    feature_specs._spec_of.cache_clear()
    return tmp_path / "cache" / FOLDER


def again(recipe: Recipe = RECIPE, weights: Path | None = None) -> FeatureSpec:
    """As another process would ask."""
    feature_specs._spec_of.cache_clear()
    return feature_spec(recipe, weights)


def forbid_building(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("para_bench.backbones.create.create_backbone", lambda *_: pytest.fail("a backbone was built"))


@pytest.mark.parametrize("finetune", [False, True])
def test_they_are_those_of_the_backbone_and_built_once(finetune: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = replace(RECIPE, finetune=finetune)
    first = again(recipe)
    assert first == create_backbone(recipe.backbone, 64, frozen=not finetune).spec
    with monkeypatch.context() as patch:
        forbid_building(patch)
        assert again(recipe) == again(replace(recipe, finetune=not finetune)) == first


def test_other_weights_and_another_size_are_another_file(cache: Path, tmp_path: Path) -> None:
    state = create_backbone(RECIPE.backbone, 64, frozen=False).complete_state(backbone_row(RECIPE.backbone))
    path, specs = tmp_path / "weights.safetensors", [again(), again(replace(RECIPE, image_size=96))]
    for factor in (1.0, 0.5):  # the same path, written again
        save_file({name: (value * factor if value.is_floating_point() else value).contiguous() for name, value in state.items()}, path)
        specs.append(again(weights=path))
    assert specs[2] == specs[0]
    assert len({(spec.backbone, spec.image_size) for spec in specs}) == 3
    assert len(list(cache.glob("*.json"))) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"backbone": "other@01234567"},
        {"backbone": 3},
        {"image_size": 96},
        {"channels": [40, "112", 320]},
        {"sizes": []},
        {"summary_dim": -1},
        None,
    ],
)
def test_a_damaged_file_is_written_again(change: dict | None, cache: Path) -> None:
    right = again()
    (path,) = cache.glob("*.json")
    text = path.read_text()
    path.write_text(text[:-9] if change is None else json.dumps(json.loads(text) | {"spec": json.loads(text)["spec"] | change}))
    assert again() == right
    assert path.read_text() == text


def test_random_weights_are_drawn_each_time(cache: Path) -> None:
    assert again(replace(RECIPE, pretrained=False)) != again()
    assert len(list(cache.glob("*.json"))) == 1


def test_built_in_rows_name_the_module_of_their_model() -> None:
    """Which timm is asked for of other rows."""
    import timm

    import para_bench.backbones.base  # noqa: F401 - registers our own models with timm

    for row in BACKBONES.builtin.values():
        module = timm.models.model_entrypoint(row.timm_name.partition(".")[0]).__module__
        assert row.module == ("" if module.startswith("timm.") else module)
