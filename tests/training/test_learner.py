"""What the training loop trains, with and without a backbone."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch

from para_bench.conformance.cases import make_case
from para_bench.heads import HEADS
from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.tensors import Batch, Features
from para_bench.training.learner import Learner
from para_bench.types import ActionChunk, FeatureSpec, ParaBenchError

SPEC = FeatureSpec("toy@01234567", 32, (4, 6), (8, 4), summary_dim=5)
LEVELS = [torch.rand(2, 4, 8, 8).half(), torch.rand(2, 6, 4, 4).half(), torch.rand(2, 5).half()]


class ToyBackbone(torch.nn.Module):
    """Keeps what it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(1))

    def forward(self, images: torch.Tensor) -> Features:
        self.seen = images
        return Features((self.scale * images,))

    def parameter_groups(self, learning_rate: float, freeze_stages: int = 0) -> list[dict]:
        return [{"params": [self.scale], "lr": learning_rate}]


def head() -> torch.nn.Module:
    return create_head(next(iter(HEADS)), SPEC, HeadConfig(width=8))


def test_cached_features_become_single_precision_in_their_order() -> None:
    features = Learner(head(), has_summary=True).features(LEVELS)
    assert features.summary is not None
    for found, kept in zip([*features.maps, features.summary], LEVELS, strict=True):
        assert found.dtype == torch.float32
        assert torch.equal(found, kept.float())
    without = Learner(head()).features(LEVELS[:2])
    assert without.summary is None
    assert len(without.maps) == 2


def test_images_reach_the_backbone_as_it_reads_them_at_test() -> None:
    """(B, H, W, 3) bytes to (B, 3, H, W) in [0, 1], as LearnedPolicy.act does."""
    backbone = ToyBackbone()
    images = torch.randint(0, 256, (2, 32, 32, 3), dtype=torch.uint8)
    Learner(head(), backbone).features([images])  # type: ignore[arg-type]
    assert torch.equal(backbone.seen, images.permute(0, 3, 1, 2).float() / 255)


def test_every_parameter_stands_in_one_group_at_its_rate() -> None:
    learner = Learner(head(), ToyBackbone())  # type: ignore[arg-type]
    groups = learner.parameter_groups(1e-3, 0.1)
    listed = [id(parameter) for group in groups for parameter in group["params"]]
    assert sorted(listed) == sorted(id(parameter) for parameter in learner.parameters())
    assert [group["peak"] for group in groups] == [1e-3, 1e-4]
    assert len(Learner(head()).parameter_groups(1e-3, 0.1)) == 1


class Plugged(torch.nn.Module):
    """A head of another package, which does as it is told."""

    sees = "RGB"

    def __init__(self, does: object) -> None:
        super().__init__()
        self.weight, self.does = torch.nn.Parameter(torch.ones(1)), does

    def loss(self, features: Features, batch: Batch) -> object:
        return self.does() if callable(self.does) else self.does

    def predict(self, *_: object) -> object:
        return self.does() if callable(self.does) else self.does


def ends() -> None:
    sys.exit(0)


def lacks() -> object:
    return {}["nothing"]


@pytest.mark.parametrize(
    ("does", "words"),
    [
        (ends, r"loss raised SystemExit: 0 \(test_learner.py:"),
        (lacks, r"loss raised KeyError: 'nothing' \(test_learner.py:"),
        (3, "loss returned a int; allowed"),
        (torch.ones(()), "loss returned a Tensor; allowed"),
        ((torch.ones(2), {}), "loss returned a tuple; allowed"),
    ],
)
def test_a_plug_in_s_loss_is_fenced(does: object, words: str) -> None:
    batch = make_case(SPEC).batch
    with pytest.raises(ParaBenchError, match=f"^head Plugged: {words}"):
        Learner(Plugged(does), has_summary=True).loss(LEVELS, batch)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("does", "words"),
    [
        (ends, r"predict raised SystemExit: 0"),
        (None, "predict returned a NoneType; allowed: 12 x 5 waypoints"),
        (ActionChunk(np.zeros((8, 5))), r"predict returned actions of shape \(8, 5\); allowed: 12 x 5"),
    ],
)
def test_a_plug_in_s_predict_is_fenced(does: object, words: str) -> None:
    with pytest.raises(ParaBenchError, match=f"^head Plugged: {words}"):
        Learner(Plugged(does)).predict(Features(()), make_case(SPEC).observations[0], torch.Generator())  # type: ignore[arg-type]


def test_a_loss_without_a_gradient_is_told() -> None:
    with pytest.raises(ParaBenchError, match=r"^head Plugged: the gradient of loss raised RuntimeError: element 0 of tensors"):
        Learner(Plugged(None)).backward(torch.ones(()))  # type: ignore[arg-type]
