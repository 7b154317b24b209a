"""Folded batch norm gives the same maps."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from para_bench.backbones.create import create_backbone
from para_bench.backbones.folding import fold_batch_norm


@pytest.mark.parametrize("name", ["efficientnet_lite0", "timm:resnet18"])
def test_folded_maps_equal_the_plain_ones(name):
    plain = create_backbone(name, 96, pretrained=name == "efficientnet_lite0", frozen=False)
    for i, norm in enumerate(m for m in plain.modules() if isinstance(m, nn.BatchNorm2d)):
        if name != "efficientnet_lite0":  # random weights have statistics 0 and 1, which would hide an error
            norm.running_mean.uniform_(-0.5, 0.5, generator=torch.Generator().manual_seed(i))
            norm.running_var.uniform_(0.5, 2.0, generator=torch.Generator().manual_seed(i))
    images = torch.rand(2, 3, 96, 96, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected = plain(images).maps
        found = plain.freeze()(images).maps
    assert not any(isinstance(m, nn.BatchNorm2d) for m in plain.modules())
    for a, b in zip(expected, found, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-3)


class Branched(nn.Module):
    """Reads a convolution's output twice, so folding would change it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)

    def forward_intermediates(self, x, indices, intermediates_only):
        y = self.conv(x)
        return [y + self.norm(y)]


def test_a_model_that_folding_would_change_stays_as_it_is():
    model = Branched().eval()
    model.norm.running_mean.fill_(1.0)
    assert fold_batch_norm(model, [0], 16) is model
