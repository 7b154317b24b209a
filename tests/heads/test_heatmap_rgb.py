"""Heads without the camera: what they are given, and that the learned map is the way from the picture to the table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from para_bench.conformance.cases import Case, told_otherwise
from para_bench.heads.base import Head, HeadConfig
from para_bench.heads.create import create_head
from para_bench.types import FeatureSpec

SPEC = FeatureSpec("toy@01234567", 224, (4,), (28,))


@pytest.fixture(params=["heatmap_rgb", "pixel_regression_rgb"])
def head(request: pytest.FixtureRequest) -> Head:
    torch.manual_seed(0)  # any weights
    return create_head(request.param, SPEC, HeadConfig(width=8)).eval()


def test_labels_in_the_image_are_all_that_training_adds(head: Head, make_case) -> None:
    """Another calibration changes nothing while the labels stay; other labels do."""
    case: Case = make_case(SPEC)
    told, _ = told_otherwise(case)
    loss = head.loss(case.features, case.batch)[0].item()
    assert head.loss(case.features, told)[0].item() == loss
    moved = replace(case.batch, action_pixels=case.batch.action_pixels + 0.1)
    assert head.loss(case.features, moved)[0].item() != loss


def test_a_prediction_takes_nothing_of_the_calibration(head: Head, make_case) -> None:
    case: Case = make_case(SPEC)
    _, seen = told_otherwise(case)
    here, elsewhere = (head.predict(case.one(0), o, torch.Generator()).actions for o in (case.observations[0], seen))
    np.testing.assert_array_equal(here, elsewhere)


def test_the_map_teaches_the_heatmaps_nothing(head: Head, make_case) -> None:
    """Its loss is taken at the labels, so trunk and heatmaps learn what they learn in the heads that are given the camera."""
    case: Case = make_case(SPEC)
    valid = case.batch.valid
    head.place_losses(head.heatmap(head.trunk(case.features, case.batch)), case.batch, valid)["ground"].backward()
    assert all(value.grad is None for name, value in head.named_parameters() if not name.startswith("ground."))
    assert all(value.grad is not None for value in head.ground.parameters())


def test_x_and_y_are_the_map_of_the_place_and_the_height(head: Head, make_case) -> None:
    case: Case = make_case(SPEC)
    head.ground.points = lambda places, heights: np.column_stack([places.numpy(), 2 * heights])
    x = head.heatmap(head.trunk(case.features, case.batch))
    places, _, _ = head.find(x)
    actions = head.predict(case.one(0), case.observations[0], torch.Generator()).actions
    np.testing.assert_allclose(actions[:, :2], places[0].detach().numpy(), atol=1e-4)  # float32
    assert (actions[:, 2] > 0).all()
