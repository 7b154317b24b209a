"""Conformance of every row of BACKBONES, on random weights and small images."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from para_bench.backbones import BACKBONES
from para_bench.backbones.create import create_backbone
from para_bench.types import ParaBenchError

NAMES = [*BACKBONES, "timm:resnet18", "timm:test_vit"]
SIZE = 100  # no multiple of 14, 16 or 32, so that every row resizes


@pytest.fixture(scope="module", params=NAMES)
def backbone(request):
    return create_backbone(request.param, SIZE, pretrained=False)


def images(count: int, size: int = SIZE) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, size, size, 3), dtype=np.uint8)


def test_features_match_the_spec(backbone):
    spec, batch = backbone.spec, torch.rand(2, 3, SIZE, SIZE)
    maps, summary = backbone(batch)
    assert [tuple(m.shape) for m in maps] == [(2, d, s, s) for d, s in zip(spec.channels, spec.sizes, strict=True)]
    assert list(spec.sizes) == sorted(spec.sizes, reverse=True)
    assert (0 if summary is None else summary.shape[1]) == spec.summary_dim
    assert spec.image_size == SIZE
    assert all(m.isfinite().all() and m.std() > 0 for m in maps)


def test_extract_is_forward_in_half_precision(backbone):
    batch = images(2)
    maps, summary = backbone(torch.from_numpy(batch).permute(0, 3, 1, 2) / 255)
    expected = [*maps] if summary is None else [*maps, summary]
    for found, level in zip(backbone.extract(batch), expected, strict=True):
        assert found.dtype == np.float16
        np.testing.assert_allclose(found, level.numpy(), rtol=2e-3, atol=2e-3 * level.abs().max().item())  # 11 bits of mantissa


def test_frozen_backbone_has_no_gradients_and_stays_in_eval_mode(backbone):
    assert not any(p.requires_grad for p in backbone.parameters())
    assert not any(m.training for m in backbone.train().modules())
    with pytest.raises(ParaBenchError, match="is frozen, allowed"):
        backbone.parameter_groups(1e-4)


def test_images_of_another_size_are_refused(backbone):
    with pytest.raises(ParaBenchError, match=r"\(1, 3, 64, 64\), allowed: \(B, 3, 100, 100\)"):
        backbone(torch.rand(1, 3, 64, 64))


def test_features_do_not_depend_on_the_batch():
    frozen = create_backbone("efficientnet_lite0", 224)
    batch = images(10, 224)  # more than one chunk on a CPU
    for together, alone in zip(frozen.extract(batch), frozen.extract(batch[9:]), strict=True):
        np.testing.assert_allclose(together[9:], alone, atol=2e-3 * np.abs(alone).max())


@pytest.mark.parametrize(
    ("name", "mean"), [("efficientnet_lite0", 0.5), ("siglip_vitb16", 0.5), ("dinov2_vits14", 0.485), ("dinov3_vits16", 0.485)]
)
def test_normalisation_is_that_of_the_weights(name, mean):
    made = create_backbone(name, 32, pretrained=False)
    assert made.mean[0].item() == pytest.approx(mean)
    seen = []
    inner = made.model.forward_intermediates
    made.model.forward_intermediates = lambda x, *args, **kwargs: seen.append(x) or inner(x, *args, **kwargs)
    made(torch.tensor([1.0, 0.5, 0.0]).view(1, 3, 1, 1).expand(1, 3, 32, 32))
    expected = (torch.tensor([1.0, 0.5, 0.0]) - made.mean.flatten()) / made.std.flatten()
    torch.testing.assert_close(seen[0].mean((0, 2, 3)), expected)


def test_random_weights_repeat_and_leave_the_global_generator_alone():
    before = torch.random.get_rng_state()
    names = {create_backbone("timm:test_vit", 64, pretrained=False).spec.backbone for _ in range(2)}
    assert len(names) == 1
    assert torch.equal(before, torch.random.get_rng_state())


def test_hash_names_the_weights_and_not_the_size():
    small, large, real = (create_backbone("efficientnet_lite0", s, pretrained=p) for s, p in [(64, False), (96, False), (64, True)])
    assert small.spec.backbone == large.spec.backbone != real.spec.backbone
    vits = {create_backbone("timm:test_vit", size, pretrained=False).spec.backbone for size in (64, 128)}  # resampled positions
    assert len(vits) == 1


@pytest.mark.parametrize("name", ["efficientnet_lite0", "timm:test_vit"])
def test_fine_tuning_by_stage(name):
    tuned = create_backbone(name, 64, pretrained=False, frozen=False).train()
    loaded = tuned.spec.backbone
    norms = [m for m in tuned.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert not any(m.training for m in norms)
    everything = tuned.parameter_groups(1e-3)
    groups = tuned.parameter_groups(1e-3, freeze_stages=2)
    assert [g["name"] for g in groups] == [g["name"] for g in everything][2:]
    assert sum(len(g["params"]) for g in everything) == len(list(tuned.parameters()))
    statistics = [m.running_mean.clone() for m in norms if m.running_mean is not None]
    sum(m.pow(2).mean() for m in tuned(torch.rand(2, 3, 64, 64)).maps).backward()
    assert all(p.grad is not None for g in groups for p in g["params"])
    assert all(p.grad is None for g in everything[:2] for p in g["params"])
    assert all(torch.equal(m.running_mean, s) for m, s in zip(norms, statistics, strict=True))
    with pytest.raises(ParaBenchError, match="freeze\\(\\) before"):
        tuned.extract(images(1, 64))
    torch.optim.SGD(groups, lr=1.0).step()
    assert tuned.freeze().spec.backbone != loaded
    with pytest.raises(ParaBenchError, match="allowed for"):
        create_backbone(name, 64, pretrained=False, frozen=False).parameter_groups(1e-3, freeze_stages=99)


@pytest.mark.parametrize(("name", "known"), [("resnet18", "efficientnet_lite0, .*timm:NAME"), ("timm:resnt18", "such as resnet18")])
def test_unknown_name_lists_the_known_ones(name, known):
    with pytest.raises(ParaBenchError, match=f"{name.removeprefix('timm:')}.*allowed: .*{known}"):
        create_backbone(name, 64)


def test_other_strides_are_other_maps_of_the_same_network():
    batch = images(1, 224)
    eight, sixteen, thirty_two = create_backbone("efficientnet_lite0", 224).extract(batch)
    four, *same = create_backbone("efficientnet_lite0_s4", 224).extract(batch)
    assert four.shape[-1] == 2 * eight.shape[-1]
    coarse = create_backbone("efficientnet_lite0_s16", 224).extract(batch)
    for found, expected in zip((*same, *coarse), (eight, sixteen, thirty_two, sixteen, thirty_two), strict=True):
        np.testing.assert_allclose(found, expected, rtol=2e-3, atol=2e-3 * np.abs(expected).max())
