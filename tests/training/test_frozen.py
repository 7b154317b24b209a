"""Which runtime computes: the one that was asked for, torch where it cannot and that is said, and never another one than before."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from para_bench.backbones.onnx_backbone import OnnxBackbone
from para_bench.backbones.runtimes import ONNXRUNTIME, TORCH, UnfitError
from para_bench.training import feature_specs
from para_bench.training.feature_specs import feature_spec
from para_bench.training.frozen import fitting_backbone, frozen_backbone
from para_bench.training.prepare import read_inputs
from para_bench.training.recipe import Recipe

pytestmark = pytest.mark.integration
NAME, SIZE_PX = "timm:resnet10t", 32
RECIPE = Recipe("para", 0, 1, backbone=NAME, image_size=SIZE_PX, pretrained=False)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(cache))
    feature_specs._spec_of.cache_clear()


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    def unfit(*_: Any) -> None:
        raise UnfitError("the graph is odd")

    monkeypatch.setattr("para_bench.backbones.onnx_backbone.graph_of", unfit)


def test_the_runtime_that_was_asked_for_computes() -> None:
    eager, other = (frozen_backbone(NAME, SIZE_PX, pretrained=False, runtime=runtime) for runtime in (TORCH, ONNXRUNTIME))
    assert not isinstance(eager, OnnxBackbone)
    assert isinstance(other, OnnxBackbone)


def test_what_it_cannot_compute_is_torch_s_and_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    refuse(monkeypatch)
    with caplog.at_level(logging.WARNING):
        found = fitting_backbone(NAME, SIZE_PX, pretrained=False, runtime=ONNXRUNTIME)
    assert not isinstance(found, OnnxBackbone)
    assert caplog.messages == [f"onnxruntime cannot compute {NAME} here: the graph is odd; torch computes it"]


def test_features_that_are_its_are_never_torch_s(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch)
    with pytest.raises(UnfitError, match=r"the graph is odd; allowed: torch, or after `pip install onnxruntime onnx onnxscript`$"):
        frozen_backbone(NAME, SIZE_PX, pretrained=False, runtime=ONNXRUNTIME)


def test_features_are_named_by_what_computes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = replace(RECIPE, feature_runtime=ONNXRUNTIME)
    plain = feature_spec(RECIPE, None)
    assert plain.backbone == frozen_backbone(NAME, SIZE_PX, pretrained=False).spec.backbone
    assert feature_spec(asked, None).backbone == f"{plain.backbone}+onnxruntime"
    assert feature_spec(replace(asked, finetune=True), None) == plain
    feature_specs._spec_of.cache_clear()
    refuse(monkeypatch)
    assert feature_spec(asked, None) == plain


@pytest.mark.parametrize("runtime", [TORCH, ONNXRUNTIME])
def test_a_training_reads_the_features_that_are_its_name(runtime: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("para_bench.training.prepare.VALIDATION_DEMOS", 1)
    recipe = replace(RECIPE, feature_runtime=runtime, augmentation=replace(RECIPE.augmentation, copies=0))
    found = read_inputs(recipe, None, tmp_path, torch.device("cpu"), progress=False)
    assert found.backbone.spec == feature_spec(recipe, None)
    assert isinstance(found.backbone, OnnxBackbone) == (runtime == ONNXRUNTIME)


def test_both_runtimes_keep_features_of_their_own(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("para_bench.training.prepare.VALIDATION_DEMOS", 1)
    recipe = replace(RECIPE, augmentation=replace(RECIPE.augmentation, copies=0))
    kept = []
    for runtime in (TORCH, ONNXRUNTIME):
        monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
        read_inputs(replace(recipe, feature_runtime=runtime), None, tmp_path, torch.device("cpu"), progress=False)
        kept.append(len(list((tmp_path / "cache/features").glob("*/manifest.json"))))
    assert kept == [2, 4]  # training and validation images, each
