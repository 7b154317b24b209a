"""From a recipe to its checkpoint: trained once, continued where it was cut off, started from its base, its own backbone kept beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from timm.models import group_parameters

from para_bench.backbones import create_backbone
from para_bench.data.augmentation import Augmentation
from para_bench.data.dataset import Windows
from para_bench.optimisation.loop import TrainConfig
from para_bench.rollouts.policy import load_policy
from para_bench.training.checkpoint import _changed, checkpoint
from para_bench.training.found import find_checkpoint
from para_bench.training.recipe import Recipe
from para_bench.training.saved import BACKBONE_WEIGHTS, CONFIG, WEIGHTS, load_head, read_spec

CPU = torch.device("cpu")


def batches(trained: Any, monkeypatch: pytest.MonkeyPatch, stop_at: int | None = None) -> list[int]:
    """Gets a number for each batch of training that is taken from now on; an interrupt comes instead of the one at `stop_at`."""
    taken, take, size = list[int](), Windows.take, trained.recipe.train.batch

    def counted(self: Windows, index: np.ndarray) -> Any:
        if len(index) == size:
            if len(taken) == stop_at:
                raise KeyboardInterrupt
            taken.append(len(taken))
        return take(self, index)

    monkeypatch.setattr(Windows, "take", counted)
    return taken


@pytest.mark.integration
def test_a_checkpoint_is_trained_once(trained: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = batches(trained, monkeypatch)
    before = (trained.folder / WEIGHTS).stat().st_mtime_ns
    assert checkpoint(trained.recipe, trained.out, CPU, progress=False) == trained.folder == find_checkpoint(trained.recipe, trained.out)
    assert (taken, (trained.folder / WEIGHTS).stat().st_mtime_ns) == ([], before)
    assert find_checkpoint(replace(trained.recipe, train_seed=1), trained.out) is None
    assert find_checkpoint(trained.recipe, trained.out / "elsewhere") is None


def test_its_config_says_what_it_is_and_what_it_cost(trained: Any) -> None:
    made = json.loads((trained.folder / CONFIG).read_text())
    head, spec = load_head(trained.folder, read_spec(trained.folder).features)
    assert (spec.head, spec.features.image_size) == (trained.recipe.head, trained.recipe.image_size)
    assert made["parameters"]["head"] == sum(value.numel() for value in head.parameters())
    assert made["state"]["recipe"]["train"]["steps"] == 2
    assert made["training_flops"] > 0 == made["training_flops"] % 2  # steps x the same
    assert made["training_seconds"] >= 0
    assert made["device"] == "cpu"
    assert trained.folder.parent == trained.out / "checkpoints"
    assert (trained.folder / "curve.csv").read_text().splitlines()[0] == "step,train_loss,val_loss,position_error_cm"


@pytest.mark.integration
def test_a_training_that_was_cut_off_continues_to_the_same_weights(trained: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = replace(trained.recipe, train_seed=1, train=replace(trained.recipe.train, steps=4))
    monkeypatch.setattr("para_bench.optimisation.loop.SAVE_SECONDS", -1)  # a state after every step
    with monkeypatch.context() as patch:
        taken = batches(trained, patch, stop_at=3)
        with pytest.raises(KeyboardInterrupt):
            checkpoint(recipe, trained.out, CPU, progress=False)
        assert find_checkpoint(recipe, trained.out) is None
    with monkeypatch.context() as patch:
        taken = batches(trained, patch)
        folder = checkpoint(recipe, trained.out, CPU, progress=False)
    assert len(taken) == 1 + 1  # the last step, and one more batch whose operations are counted
    assert sorted(path.name for path in folder.iterdir()) == [CONFIG, "curve.csv", WEIGHTS]
    kept = (folder / WEIGHTS).read_bytes()
    (folder / CONFIG).unlink()  # without it there is no checkpoint: trained from the start
    assert checkpoint(recipe, trained.out, CPU, progress=False) == folder
    assert (folder / WEIGHTS).read_bytes() == kept


@pytest.mark.integration
def test_the_checkpoint_that_it_starts_from_is_trained_first(trained: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    still = replace(trained.recipe.train, learning_rate=1e-12)
    recipe = replace(trained.recipe, train_seed=2, base=trained.recipe, train=still)
    assert find_checkpoint(recipe, trained.out) is None
    tuned = load_file(checkpoint(recipe, trained.out, CPU, progress=False) / WEIGHTS)
    for name, value in load_file(trained.folder / WEIGHTS).items():
        torch.testing.assert_close(tuned[name], value, atol=1e-6, rtol=1e-4)
    missing = replace(recipe, base=replace(trained.recipe, train_seed=3))
    assert find_checkpoint(missing, trained.out) is None
    checkpoint(missing, trained.out, CPU, progress=False)
    assert missing.base is not None
    base = find_checkpoint(missing.base, trained.out)
    assert base is not None
    assert find_checkpoint(missing, trained.out) is not None
    (base / CONFIG).unlink()  # of one whose base is gone, nothing can be said
    assert find_checkpoint(missing, trained.out) is None


@pytest.mark.integration
@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('{"state": {"suite_version": "0"}}', "suite_version 0 -> 1"),
        ("{}", "by code that left no record of its state"),
        ("[]", "by code that left no record of its state"),
        ('{"state": 3}', "by code that left no record of its state"),
        ("[" * 100_000, "by code that left no record of its state"),
    ],
    ids=["older", "nothing", "list", "number", "deep"],
)
def test_why_it_is_trained_again_is_told(config: str, words: str, trained: Any) -> None:
    """By whatever lies beside it, which decides nothing."""
    recipe = replace(trained.recipe, train_seed=9)
    older = trained.out / "checkpoints" / f"{recipe.name}-older"
    older.mkdir(exist_ok=True)
    (older / CONFIG).write_text(config)
    assert _changed(trained.out / "checkpoints" / f"{recipe.name}-now", recipe, {"suite_version": "1"}).startswith(words)


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
    folder = checkpoint(recipe, tmp_path / "out", torch.device("cpu"), progress=False)
    assert (folder / BACKBONE_WEIGHTS).exists()
    policy = load_policy(folder, recipe.backbone, recipe.image_size)
    pretrained = create_backbone(recipe.backbone, recipe.image_size)
    assert policy.backbone.spec.backbone != pretrained.spec.backbone  # its hash names the new weights
    assert checkpoint(recipe, tmp_path / "out", torch.device("cpu"), progress=False) == folder
    with torch.inference_mode():
        image = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
        changed = max(float((a - b).abs().max()) for a, b in zip(policy.backbone(image).maps, pretrained(image).maps, strict=True))
    assert changed > 0


@pytest.mark.integration
def test_frozen_stages_keep_their_weights_and_the_others_learn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
    train = TrainConfig(steps=3, batch=2, warmup=1, evaluations=1, freeze_stages=6)
    recipe = Recipe("para", 0, 1, image_size=64, finetune=True, augmentation=Augmentation(copies=0), train=train)
    tuned = load_file(checkpoint(recipe, tmp_path / "out", torch.device("cpu"), progress=False) / BACKBONE_WEIGHTS)
    before = create_backbone(recipe.backbone, recipe.image_size, frozen=False)
    groups = group_parameters(before.model, before.model.group_matcher(coarse=True))
    names = dict(before.model.named_parameters())
    for stage, members in groups.items():
        kept = [torch.equal(tuned[name], names[name]) for name in members]
        assert all(kept) if stage < 6 else not any(kept), stage
