"""The learned map from a place in the image and a height to the table: what it learns under one camera, and where it is wrong."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from para_bench.envs.shifts.views import view_angle
from para_bench.heads.parts.learned_map import LearnedMap
from para_bench.tensors import pixel_shares
from para_bench.types import ACTIONS, Camera

STEPS = 1600
"""Of the default profile."""


def seen(camera: Camera, seed: int, count: int = 2000) -> tuple[torch.Tensor, torch.Tensor]:
    """Places in the image (count, 2) and world points (count, 3) [m] over the table."""
    points = np.random.default_rng(seed).uniform([0.12, -0.17, 0.015], [0.28, 0.17, 0.10], (count, 3))
    return torch.from_numpy(pixel_shares(points, camera)).float(), torch.from_numpy(points).float()


def distances_cm(ground: LearnedMap, camera: Camera) -> np.ndarray:
    places, points = seen(camera, seed=1)
    with torch.no_grad():
        found = ground.points(places, points[:, 2].numpy())
    return 100 * np.linalg.norm(found - points.numpy(), axis=1)


@pytest.fixture(scope="module")
def learned() -> LearnedMap:
    from para_bench.conformance.cases import CAMERA

    torch.manual_seed(0)  # any weights
    ground = LearnedMap(ACTIONS)
    places, points = seen(CAMERA, seed=0)
    optimiser = torch.optim.AdamW(ground.parameters(), lr=1e-3)
    rate = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    for step in range(STEPS):
        rows = slice(step * 192 % 1900, step * 192 % 1900 + 192)  # as many labels as a batch of 16 windows holds
        optimiser.zero_grad()
        ground.errors(places[rows], points[rows]).mean().backward()
        optimiser.step()
        rate.step()
    return ground


@pytest.mark.integration
def test_under_one_camera_it_is_the_lift(learned: LearnedMap, scene) -> None:
    """What a head loses by it is small against the 0.4 to 5 cm by which grasps miss, so that it is no handicap by itself."""
    off = distances_cm(learned, scene.camera)
    assert np.median(off) < 0.15
    assert np.quantile(off, 0.95) < 0.5


@pytest.mark.integration
def test_from_another_view_it_is_wrong(learned: LearnedMap, scene) -> None:
    moved = view_angle(15)(scene, np.random.default_rng(0)).camera
    assert np.median(distances_cm(learned, moved)) > 2


def test_points_undo_the_encoding() -> None:
    torch.manual_seed(0)  # any weights
    ground, heights = LearnedMap(ACTIONS), np.array([0.0, 0.05, 0.16])
    places = torch.rand(3, 2, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        points = ground.points(places, heights)
        positions = torch.from_numpy(points).float()
        assert ground.errors(places, positions).max() < 1e-5  # its own points are without error
    assert points.dtype == np.float64
    np.testing.assert_array_equal(points[:, 2], heights)


def test_height_is_read_over_the_whole_workspace() -> None:
    """Inputs lie in [-1, 1], from the image's corners at the table to the top of the box."""
    ground, inputs = LearnedMap(ACTIONS), []
    ground.linear.register_forward_pre_hook(lambda _, args: inputs.append(args[0]))
    ground(torch.tensor([[0.0, 0.0], [1.0, 1.0]]), torch.tensor([ACTIONS.low[2], ACTIONS.high[2]]))
    torch.testing.assert_close(inputs[0], torch.tensor([[-1.0, -1, -1], [1, 1, 1]]))
