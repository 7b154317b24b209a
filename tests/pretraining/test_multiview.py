"""Pre-training on views: what counts as the same point, the loss, and a run that is cut off."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from para_bench.backbones.create import create_backbone
from para_bench.geometry import unproject
from para_bench.optimisation import loop
from para_bench.pretraining import multiview
from para_bench.pretraining.contrast import at_points
from para_bench.pretraining.contrast import contrast as contrastive_loss
from para_bench.pretraining.correspondence import ROOM, View
from para_bench.pretraining.loop import Loop
from para_bench.pretraining.worlds import pair, scenes
from para_bench.sim.rooms import MIN_CONTRAST, contrast
from para_bench.tasks.parts.pick_and_place import OBJECT_RGB
from para_bench.tasks.place import PLATE_RGB
from para_bench.tensors import Features

SIZE = 64


def test_worlds_hold_nothing_of_the_benchmarks_task_and_are_the_same_each_time() -> None:
    same_room = []
    for index in range(20):
        first, second = scenes(index)
        assert scenes(index) == (first, second)
        assert (first.layout.object, first.room.clutter, first.layout.target_xy, first.home) == (
            second.layout.object,
            second.room.clutter,
            second.layout.target_xy,
            second.home,
        )
        assert first.camera != second.camera
        assert contrast(first.layout.object.rgb, OBJECT_RGB) >= MIN_CONTRAST
        assert contrast(first.layout.target_rgb, PLATE_RGB) >= MIN_CONTRAST
        same_room.append(first.room.table == second.room.table)
    assert 4 < sum(same_room) < 16
    assert scenes(1) != scenes(-1)


@pytest.mark.integration
def test_points_of_a_pair_are_the_same_points_of_the_world() -> None:
    def world(view: View, pixels: np.ndarray) -> np.ndarray:
        columns, rows = pixels.astype(int).T
        return unproject(pixels, view.depth[rows, columns], view.scene.camera.resized(len(view.image)))

    for index in range(4):
        found = pair(index, 128)
        apart = np.linalg.norm(world(found.first, found.pixels[0]) - world(found.second, found.pixels[1]), axis=1)
        assert np.median(apart) < 0.008
        if found.first.scene.room.table != found.second.scene.room.table:
            assert not np.isin(found.first.names(found.pixels[0]), ROOM).any()


def unit(rng: np.random.Generator, count: int) -> Tensor:
    return torch.nn.functional.normalize(torch.from_numpy(rng.normal(size=(count, 32))), dim=1)


def test_the_loss_is_small_for_partners_alone_and_near_points_are_left_out() -> None:
    rng = np.random.default_rng(0)  # any seed
    first, places = unit(rng, 40), torch.from_numpy(rng.uniform(size=(40, 2)))
    good, right = contrastive_loss([first], [first], [places])
    bad, wrong = contrastive_loss([first], [unit(rng, 40)], [places])
    assert right == 1
    assert wrong < 0.2
    assert good < 0.2 < 2 < bad
    everywhere_near = torch.full_like(places, 0.5)
    assert contrastive_loss([first], [unit(rng, 40)], [everywhere_near])[0] == pytest.approx(0)


def test_descriptors_are_read_where_the_points_are() -> None:
    ramp = torch.linspace(-1, 1, 8).expand(1, 1, 8, 8)
    maps = torch.cat([ramp, ramp.transpose(2, 3)], dim=1)
    places = torch.tensor([[[0.25, 0.75], [0.75, 0.25], [0.5, 0.875]]])
    found = at_points(Features((maps,)), places)[0]
    assert found[0, 0] < 0 < found[0, 1]  # left and low
    assert found[1, 0] > 0 > found[1, 1]
    assert found[2, 0] == pytest.approx(0, abs=1e-6)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(3))


@pytest.mark.integration
def test_a_run_that_is_cut_off_ends_with_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = multiview.Settings(Loop(steps=4, learning_rate=1e-3, evaluations=2), batch=2, image_size=SIZE)
    monkeypatch.setattr(multiview, "VALIDATION_WORLDS", 2)
    monkeypatch.setattr(loop, "SAVE_SECONDS", -1)
    device, whole, cut = torch.device("cpu"), tmp_path / "whole.safetensors", tmp_path / "cut.safetensors"
    multiview.pretrain(settings, whole, device, workers=0)
    read, real = [], multiview._loss

    def interrupted(*args: object) -> tuple[Tensor, float]:
        read.append(args)
        if len(read) == 4:  # one of validation, then the third step
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(multiview, "_loss", interrupted)
    with pytest.raises(KeyboardInterrupt):
        multiview.pretrain(settings, cut, device, workers=0)
    state = cut.with_suffix(".partial")
    assert state.exists()
    other = tmp_path / "other.safetensors"
    other.with_suffix(".partial").write_bytes(state.read_bytes()[:-1000])  # cut off by a full disk
    multiview.pretrain(settings, other, device, workers=0)
    assert other.read_bytes() == whole.read_bytes()
    multiview.pretrain(settings, cut, device, workers=0)
    assert not cut.with_suffix(".partial").exists()
    assert cut.read_bytes() == whole.read_bytes()
    with whole.with_suffix(".csv").open() as file:
        assert [row["step"] for row in csv.DictReader(file)] == ["0", "2", "4"]
    before = create_backbone(settings.backbone, SIZE)
    after = create_backbone(settings.backbone, SIZE, whole)  # as --backbone-weights reads it
    assert after.spec.backbone != before.spec.backbone
    assert after.spec.channels == before.spec.channels
