"""One tiny checkpoint that tests of this room share: one demonstration, two steps, images of 64 px."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
import torch

from para_bench.data.augmentation import Augmentation
from para_bench.optimisation.loop import TrainConfig
from para_bench.training.recipe import Recipe
from para_bench.training.trained import trained

TINY = Recipe(
    "para",
    0,
    1,
    backbone="efficientnet_lite0",
    image_size=64,
    augmentation=Augmentation(copies=0),
    train=TrainConfig(steps=2, batch=2, warmup=1, evaluations=1),
)


class Trained(NamedTuple):
    recipe: Recipe
    out: Path
    folder: Path
    """Of the checkpoint; nothing may write to it."""


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    root = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARA_BENCH_CACHE", str(root / "cache"))
        patch.setattr("para_bench.training.prepare.VALIDATION_DEMOS", 1)
        return Trained(TINY, root / "runs", trained(TINY, root / "runs", torch.device("cpu"), progress=False))


@pytest.fixture
def tiny(trained_once: Trained, monkeypatch: pytest.MonkeyPatch) -> Trained:
    """With the cache and the validation demonstrations that it was trained with, so that nothing but what is asked for is made again."""
    monkeypatch.setenv("PARA_BENCH_CACHE", str(trained_once.out.parent / "cache"))
    monkeypatch.setattr("para_bench.training.prepare.VALIDATION_DEMOS", 1)
    return trained_once
