"""ONNX Runtime gives PyTorch's features to the last bits, with other threads and in another process too."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from para_bench.backbones.create import create_backbone
from para_bench.backbones.graphs import TOLERANCE
from para_bench.backbones.onnx_backbone import CHUNK_PX, OnnxBackbone
from para_bench.backbones.runtimes import UnfitError
from para_bench.plugins import Fence

pytestmark = pytest.mark.integration
SIZES = {"efficientnet_lite0": 64, "timm:vit_tiny_patch16_224": 40}
"""A convnet, and a ViT with a summary whose images are resized first."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graphs")


@pytest.fixture(scope="module", params=SIZES)
def made(request: pytest.FixtureRequest, folder: Path) -> OnnxBackbone:
    return OnnxBackbone(create_backbone(request.param, SIZES[request.param], pretrained=False), folder)


@pytest.fixture
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def images(count: int, size: int) -> torch.Tensor:
    return torch.rand(count, 3, size, size, generator=torch.Generator().manual_seed(1))


def test_features_are_pytorch_s(made: OnnxBackbone) -> None:
    eager, batch = create_backbone(made.name, made.image_size, pretrained=False), images(3, made.image_size)
    found, expected = made(batch), eager(batch)
    assert (found.summary is None) == (made.name == "efficientnet_lite0")
    pairs = [*zip(found.maps, expected.maps, strict=True)]
    if found.summary is not None and expected.summary is not None:
        pairs.append((found.summary, expected.summary))
    for ours, theirs in pairs:
        assert ours.shape == theirs.shape
        assert (ours - theirs).abs().max() <= TOLERANCE * theirs.abs().max()


def test_only_the_name_of_the_features_is_another(made: OnnxBackbone) -> None:
    eager = create_backbone(made.name, made.image_size, pretrained=False)
    assert made.spec.backbone == f"{eager.spec.backbone}+onnxruntime"
    assert {**made.spec.key, "backbone": ""} == {**eager.spec.key, "backbone": ""}
    assert sum(p.numel() for p in made.parameters()) == sum(p.numel() for p in eager.parameters())
    assert made.frozen
    assert made.freeze() is made


def test_features_do_not_depend_on_the_batch(made: OnnxBackbone) -> None:
    count = CHUNK_PX // made.image_size**2 + 2  # more than one chunk
    batch = (255 * images(count, made.image_size)).byte().permute(0, 2, 3, 1).numpy()
    for together, alone in zip(made.extract(batch), made.extract(batch[-1:]), strict=True):
        assert together.dtype == np.float16
        assert len(together) == count
        np.testing.assert_allclose(together[-1:], alone, atol=2e-3 * np.abs(alone).max())  # 11 bits of mantissa


def test_a_copy_for_another_process_has_the_same_features(made: OnnxBackbone) -> None:
    sent, batch = pickle.dumps(made), images(2, made.image_size)
    for ours, theirs in zip(pickle.loads(sent)(batch).maps, made(batch).maps, strict=True):
        assert torch.equal(ours, theirs)


def test_it_has_as_many_threads_as_torch(made: OnnxBackbone, threads: None) -> None:
    batch = images(1, made.image_size)
    for count in (2, 1):
        torch.set_num_threads(count)
        made(batch)
        assert made._session.get_session_options().intra_op_num_threads == count


def test_a_backbone_of_a_plug_in_stays_with_torch(folder: Path) -> None:
    eager = create_backbone("efficientnet_lite0", 64, pretrained=False)
    eager.fence = Fence("a plug-in", "somebody")
    with pytest.raises(UnfitError, match="efficientnet_lite0 is of another package"):
        OnnxBackbone(eager, folder)


def test_packages_that_are_not_installed_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("para_bench.backbones.onnx_backbone.missing_packages", lambda: ["onnx", "onnxscript"])
    with pytest.raises(UnfitError, match=r"^onnx and onnxscript not installed$"):
        OnnxBackbone(create_backbone("efficientnet_lite0", 64, pretrained=False), folder)
