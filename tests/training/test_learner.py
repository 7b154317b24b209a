"""What the training loop trains, with and without a backbone."""

from __future__ import annotations

import torch

from para_bench.heads import HEADS, create_head
from para_bench.heads.base import HeadConfig
from para_bench.tensors import Features
from para_bench.training.learner import Learner
from para_bench.types import FeatureSpec

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
