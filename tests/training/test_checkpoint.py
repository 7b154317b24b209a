"""What a checkpoint holds: what it is, what it cost, and the backbone that was trained with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from timm.models import group_parameters

from para_bench.backbones.create import create_backbone
from para_bench.data.augmentation import Augmentation
from para_bench.optimisation.loop import TrainConfig
from para_bench.rollouts.policy import load_policy
from para_bench.training.recipe import Recipe
from para_bench.training.saved import BACKBONE_WEIGHTS, CONFIG, load_head, read_spec
from para_bench.training.trained import trained

CPU = torch.device("cpu")


def test_its_config_says_what_it_is_and_what_it_cost(tiny: Any) -> None:
    made = json.loads((tiny.folder / CONFIG).read_text())
    head, spec = load_head(tiny.folder, read_spec(tiny.folder).features)
    assert (spec.head, spec.features.image_size) == (tiny.recipe.head, tiny.recipe.image_size)
    assert made["parameters"]["head"] == sum(value.numel() for value in head.parameters())
    assert made["state"]["recipe"]["train"]["steps"] == 2
    assert made["training_flops"] > 0 == made["training_flops"] % 2  # steps x the same
    assert made["training_seconds"] >= 0
    assert made["device"] == "cpu"
    assert tiny.folder.parent == tiny.out / "checkpoints"
    assert (tiny.folder / "curve.csv").read_text().splitlines()[0] == "step,train_loss,val_loss,position_error_cm"


@pytest.mark.integration
def test_a_fine_tuned_checkpoint_carries_its_backbone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
    recipe = Recipe(
        "para",
        0,
        1,
        image_size=64,
        finetune=True,
        augmentation=Augmentation(copies=0),
        train=TrainConfig(steps=3, batch=2, warmup=1, evaluations=1),
    )
    folder = trained(recipe, tmp_path / "out", torch.device("cpu"), progress=False)
    assert (folder / BACKBONE_WEIGHTS).exists()
    policy = load_policy(folder, recipe.backbone, recipe.image_size)
    pretrained = create_backbone(recipe.backbone, recipe.image_size)
    assert policy.backbone.spec.backbone != pretrained.spec.backbone  # its hash names the new weights
    assert trained(recipe, tmp_path / "out", torch.device("cpu"), progress=False) == folder
    with torch.inference_mode():
        image = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
        changed = max(float((a - b).abs().max()) for a, b in zip(policy.backbone(image).maps, pretrained(image).maps, strict=True))
    assert changed > 0


@pytest.mark.integration
def test_frozen_stages_keep_their_weights_and_the_others_learn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
    train = TrainConfig(steps=3, batch=2, warmup=1, evaluations=1, freeze_stages=6)
    recipe = Recipe("para", 0, 1, image_size=64, finetune=True, augmentation=Augmentation(copies=0), train=train)
    tuned = load_file(trained(recipe, tmp_path / "out", torch.device("cpu"), progress=False) / BACKBONE_WEIGHTS)
    before = create_backbone(recipe.backbone, recipe.image_size, frozen=False)
    groups = group_parameters(before.model, before.model.group_matcher(coarse=True))
    names = dict(before.model.named_parameters())
    for stage, members in groups.items():
        kept = [torch.equal(tuned[name], names[name]) for name in members]
        assert all(kept) if stage < 6 else not any(kept), stage
