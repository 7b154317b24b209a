"""What a training reads: features of a frozen backbone, or images for one that is trained; drawn and computed once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from para_bench.backbones.base import Backbone
from para_bench.backbones.create import create_backbone
from para_bench.data.augmentation import Augmentation
from para_bench.data.store import Demonstrations
from para_bench.demonstrations.frames import FrameImages
from para_bench.training.windows import windows

SIZE, COPY, NO_COPY = 64, Augmentation(copies=1), Augmentation(copies=0)


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    return create_backbone("efficientnet_lite0", SIZE)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def shared_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(cache))


@pytest.mark.integration
def test_features_are_those_of_each_copy_s_image_and_are_computed_once(
    backbone: Backbone, demonstrations: Demonstrations, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = windows(demonstrations, backbone, COPY, 0, progress=False)
    assert len(found) == 2 * len(demonstrations.frames)
    assert found.batch.depth is None
    (levels, _), images = found.take(np.array([6, 7])), FrameImages(demonstrations, SIZE, COPY, 0)
    for kept, computed in zip(levels, backbone.extract(images(6, 8)), strict=True):
        np.testing.assert_allclose(kept.float(), torch.as_tensor(computed).float(), atol=0.05, rtol=0.02)
    assert not torch.equal(found.batch.action_pixels[6], found.batch.action_pixels[7])  # labels in the copy's own camera
    assert torch.equal(found.batch.actions[6], found.batch.actions[7])
    monkeypatch.setattr(FrameImages, "__call__", lambda *_: pytest.fail("drawn again"))
    again = windows(demonstrations, backbone, COPY, 0, progress=False)
    assert all(torch.equal(*pair) for pair in zip(again.take(np.arange(9))[0], found.take(np.arange(9))[0], strict=True))
    with pytest.raises(pytest.fail.Exception):  # another seed turns the copies in another way
        windows(demonstrations, backbone, COPY, 1, progress=False)
    monkeypatch.setattr("para_bench.training.windows.versions", lambda: {"timm": "99.0"})
    with pytest.raises(pytest.fail.Exception):  # another release may compute others
        windows(demonstrations, backbone, COPY, 0, progress=False)


def test_a_backbone_that_is_trained_gets_images(demonstrations: Demonstrations) -> None:
    tuned = create_backbone("efficientnet_lite0", SIZE, frozen=False)
    found = windows(demonstrations, tuned, NO_COPY, 0, progress=False)
    ((images,), _) = found.take(np.array([3]))
    assert (images.shape, images.dtype) == ((1, SIZE, SIZE, 3), torch.uint8)
    np.testing.assert_array_equal(images.numpy(), FrameImages(demonstrations, SIZE, NO_COPY, 0)(3, 4))


def test_depth_is_drawn_on_request(demonstrations: Demonstrations) -> None:
    tuned = create_backbone("efficientnet_lite0", SIZE, frozen=False)
    found = windows(demonstrations, tuned, NO_COPY, 0, progress=False, depth=True)
    assert found.batch.depth is not None
    assert len(found.batch.depth) == len(demonstrations.frames)
    assert 0.2 < float(found.batch.depth[0].float().median()) < 2  # m, from the camera to the table
