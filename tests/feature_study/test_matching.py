"""Correspondences are those of the simulator's geometry, and matches are judged against them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from para_bench.backbones.create import create_backbone
from para_bench.feature_study.matching import GRID, descriptors, match, principal_colours, same_place
from para_bench.feature_study.pairs import CONDITIONS, pairs
from para_bench.geometry import unproject
from para_bench.pretraining.correspondence import Pair, View
from para_bench.tasks.place import PLATE_HALF_HEIGHT

SIZE = 112
pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, str], Pair]:
    return dict(pairs(0, SIZE))


def world(view: View, pixels: np.ndarray) -> np.ndarray:
    columns, rows = pixels.astype(int).T
    return unproject(pixels, view.depth[rows, columns], view.scene.camera.resized(SIZE))


def cells() -> np.ndarray:
    return (np.stack(np.meshgrid(np.arange(GRID), np.arange(GRID)), axis=-1).reshape(-1, 2) + 0.5) * SIZE / GRID


def by_place(view: View) -> torch.Tensor:
    """Descriptors that say where in the world a cell's surface is, and nothing else: perfect ones."""
    waves = np.random.default_rng(0).normal(scale=12, size=(3, 128))  # any seed; cm are told apart, rooms need not be
    phase = np.clip(world(view, cells()), -3, 3) @ waves
    maps = np.concatenate([np.cos(phase), np.sin(phase)], axis=1).T.reshape(-1, GRID, GRID)
    return torch.nn.functional.normalize(torch.from_numpy(maps), dim=0)


def test_points_are_surface_points_of_both_pictures(found: dict[tuple[str, str], Pair]) -> None:
    assert list(found) == list(CONDITIONS)
    for pair in found.values():
        before, after = world(pair.first, pair.pixels[0]), world(pair.second, pair.pixels[1])
        assert np.linalg.norm(before - after, axis=1).max() < 0.05  # a pixel of the table may be some cm wide
        assert np.median(np.linalg.norm(before - after, axis=1)) < 0.006
        prop = pair.first.scene.layout.object
        assert pair.on_object.sum() > 5
        assert (before[pair.on_object, 2] < 2 * prop.half_size[2] + 0.002).all()
        assert np.linalg.norm(before[pair.on_object, :2] - prop.xy, axis=1).max() < np.hypot(*prop.half_size[:2]) + 0.003
        columns, rows = pair.pixels[0].astype(int).T
        plate = before[pair.first.geom[rows, columns] == "target"]
        assert ((plate[:, 2] > 0) & (plate[:, 2] < 2 * PLATE_HALF_HEIGHT + 0.001)).all()  # its top and its rim


def test_perfect_descriptors_match_and_blind_ones_do_not(found: dict[tuple[str, str], Pair]) -> None:
    pair = found["view_angle", "25"]
    good = match(pair, by_place(pair.first), by_place(pair.second))
    assert np.median(good.error_px) < 1.5 * SIZE / GRID
    assert good.hits[pair.on_object].mean() > 0.9
    assert good.hits[~pair.on_object].mean() < 0.1
    blind = match(pair, torch.ones(4, GRID, GRID), torch.ones(4, GRID, GRID))
    assert np.median(blind.error_px) > SIZE / 4


def test_the_same_place_is_right_only_where_the_camera_stays(found: dict[tuple[str, str], Pair]) -> None:
    assert same_place(found["new_environment", "0"]).error_px.max() < 1e-6
    assert np.median(same_place(found["view_angle", "45"]).error_px) > 5


def test_descriptors_are_unit_vectors_and_colours_share_their_axes(found: dict[tuple[str, str], Pair]) -> None:
    backbone, view = create_backbone("efficientnet_lite0", SIZE, pretrained=False), found["view_angle", "5"].first
    made = descriptors(backbone, view.image)
    torch.testing.assert_close(made.norm(dim=0), torch.ones(GRID, GRID))
    once, again = principal_colours([made, made])
    assert once.shape == (GRID, GRID, 3)
    assert np.array_equal(once, again)
    assert np.ptp(once.reshape(-1, 3), axis=0).min() > 200  # every colour is used
