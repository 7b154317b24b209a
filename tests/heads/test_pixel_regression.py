"""What the decoding of coordinates in the image loses: nothing, where the heatmap's mean is the label; and what it cannot say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from para_bench.heads.base import HeadConfig
from para_bench.heads.parts.coordinates import PLACE_WEIGHT, place_l1
from para_bench.heads.parts.grid import expectation, splat
from para_bench.heads.parts.readout import bins_of
from para_bench.heads.parts.regression import POSITION_WEIGHT
from para_bench.heads.pixel_regression import PixelRegression
from para_bench.types import ACTIONS, FeatureSpec

SPEC = FeatureSpec("toy@01234567", 224, (4,), (28,))


def with_labels(case) -> PixelRegression:
    """A head whose heatmaps have the labels of the first window for a mean, whatever it is shown."""
    head, actions = PixelRegression(SPEC, HeadConfig(width=8)), case.batch.actions[:1]
    head.trunk.forward = lambda *_: torch.zeros(1, 8, 28, 28)
    head.heatmap.forward = lambda _: splat(case.batch.action_pixels[:1], 28).log()
    head.readout.forward = lambda *_: {
        name: bins_of(ACTIONS)[name].encode(actions[..., ACTIONS.names.index(name)]).log() for name in head.reads
    }
    return head


def test_means_at_the_labels_come_out_as_the_waypoints(scene, make_case) -> None:
    case = make_case(SPEC, count=1, camera=scene.camera.resized(224))
    head = with_labels(case)
    off = np.abs(head.predict(case.one(0), case.observations[0], torch.Generator()).actions - case.batch.actions[0].numpy())
    assert np.linalg.norm(off[:, :3], axis=1).max() < 1e-3  # m
    assert head.loss(case.features, case.batch)[1]["pixel"] == pytest.approx(0, abs=PLACE_WEIGHT * 1e-5)


def test_two_peaks_come_out_between_them() -> None:
    """The mean of a heatmap is a place that it may deny; this is what the dense loss is compared with."""
    logits = torch.full((1, 1, 28, 28), -1e4)
    logits[0, 0, 10, 4] = logits[0, 0, 10, 20] = 0.0
    head = PixelRegression(SPEC, HeadConfig(width=8))
    places, found, heatmaps = head.find(logits)
    assert found == {}
    torch.testing.assert_close(places[0, 0], torch.tensor([12.5 / 28, 10.5 / 28]))
    assert heatmaps[0, 0, 10, 12] == 0
    assert heatmaps[0, 0].sum() == pytest.approx(1)


def test_every_cell_is_taught_by_the_distance(make_case) -> None:
    case = make_case(SPEC, count=1)
    logits = torch.zeros(1, 12, 28, 28, requires_grad=True)
    valid = torch.ones(1, 12, dtype=torch.bool)
    place_l1(expectation(logits), case.batch.action_pixels, valid).backward()
    assert (logits.grad != 0).float().mean() > 0.99


def test_an_error_weighs_what_it_weighs_in_world(scene) -> None:
    """1 cm across the table, in front of the default camera, against 1 cm in x and in y of the regressions in world."""
    camera = scene.camera
    side = camera.intrinsics[0, 0] / camera.width / np.linalg.norm(np.array(camera.position) - [0.19, 0, 0]) * 0.01
    half = (np.array(ACTIONS.high) - ACTIONS.low)[:2] / 2
    in_world = POSITION_WEIGHT * 0.01 / half
    assert in_world.min() < PLACE_WEIGHT * side < 1.2 * in_world.max()


def test_waypoints_out_of_the_picture_teach_nothing(make_case) -> None:
    case = make_case(SPEC, count=2)
    outside = case.batch.action_pixels + torch.tensor([2.0, 0.0])
    loss, _ = PixelRegression(SPEC, HeadConfig(width=8)).loss(case.features, replace(case.batch, action_pixels=outside))
    assert loss.item() == 0
