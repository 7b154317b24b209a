"""Places on a grid of cells: spreading, reading back and sampling."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from para_bench.heads.parts.grid import expectation, inside, peak, peak_cell, sample, splat, splat_cells

SIZES = (7, 14, 28)
FLOAT32 = 2e-6  # shares of the image; round-off of float32


def places(size: int, count: int = 200) -> torch.Tensor:
    """Random places between the outermost cell centres, corners and cell borders among them."""
    low = 0.5 / size
    drawn = np.random.default_rng(0).uniform(low, 1 - low, (count, 2))  # any seed
    special = [[low, low], [1 - low, low], [0.5, 0.5], [(size // 2) / size] * 2, [1.5 / size, 2.5 / size]]
    return torch.from_numpy(np.concatenate([drawn, special])).float()


@pytest.mark.parametrize("size", SIZES)
def test_splat_spreads_one_over_four_cells_with_the_place_as_expectation(size: int) -> None:
    at = places(size)
    maps = splat(at, size)
    assert maps.shape == (len(at), size, size)
    assert (maps >= 0).all()
    assert ((maps > 0).sum((1, 2)) <= 4).all()
    torch.testing.assert_close(maps.sum((1, 2)), torch.ones(len(at)))
    centres = (torch.arange(size) + 0.5) / size
    u, v = (maps.sum(1) * centres).sum(-1), (maps.sum(2) * centres).sum(-1)  # rows are v, columns are u
    torch.testing.assert_close(torch.stack([u, v], dim=-1), at, atol=FLOAT32, rtol=0)


@pytest.mark.parametrize("size", SIZES)
def test_peak_undoes_splat(size: int) -> None:
    at = places(size)
    torch.testing.assert_close(peak(splat(at, size).log()), at, atol=1e-5, rtol=0)  # log and softmax in float32


@pytest.mark.parametrize("size", SIZES)
def test_expectation_undoes_splat(size: int) -> None:
    at = places(size)
    torch.testing.assert_close(expectation(splat(at, size).log()), at, atol=1e-5, rtol=0)  # as above


def test_peak_cell_of_a_volume_undoes_a_product_of_labels() -> None:
    """Three axes of three lengths, each with its own place, borders among them."""
    sizes = (5, 7, 4)
    rng = np.random.default_rng(0)  # any seed
    at = torch.from_numpy(rng.uniform(0, np.array(sizes) - 1, (50, 3))).float()
    at[0], at[1] = torch.zeros(3), torch.tensor(sizes) - 1.0
    depth = splat_cells(torch.stack([at[:, 0], torch.zeros(50)], dim=-1), (5, 1))[..., 0]
    volume = depth[:, :, None, None] * splat_cells(at[:, 1:], (7, 4))[:, None]
    torch.testing.assert_close(peak_cell(volume.log(), 3), at, atol=1e-5, rtol=0)  # as above
    assert ((peak_cell(volume.log(), 3, subcell=False) - at).abs() <= 0.5 + FLOAT32).all()


@pytest.mark.parametrize("size", SIZES)
def test_peak_without_subcell_is_the_cell_centre(size: int) -> None:
    at = places(size)
    found = peak(splat(at, size).log(), subcell=False)
    assert ((found - at).abs() <= 0.5 / size + FLOAT32).all()
    torch.testing.assert_close(found * size - 0.5, (found * size - 0.5).round(), atol=1e-4, rtol=0)  # whole cells, in float32


def test_places_outside_the_outermost_centres_take_the_border_cells() -> None:
    maps = splat(torch.tensor([[-0.5, 0.5], [0.999, 2.0]]), 4)
    torch.testing.assert_close(maps.sum((1, 2)), torch.ones(2))
    assert maps[0, :, 0].sum() == 1
    assert maps[1, 3, 3] == 1


def test_sample_reads_what_splat_wrote() -> None:
    """The map of a linear function is read exactly between cell centres."""
    size = 9
    centres = (torch.arange(size) + 0.5) / size
    v, u = torch.meshgrid(centres, centres, indexing="ij")
    maps = torch.stack([u, v, 2 * u - 3 * v])[None]
    at = places(size)[None]
    expected = torch.stack([at[..., 0], at[..., 1], 2 * at[..., 0] - 3 * at[..., 1]], dim=-1)
    torch.testing.assert_close(sample(maps, at), expected, atol=1e-5, rtol=0)  # float32


def test_peak_keeps_leading_axes() -> None:
    assert peak(torch.randn(2, 12, 5, 5)).shape == (2, 12, 2)


def test_inside() -> None:
    at = torch.tensor([[0.0, 1.0], [0.5, 0.5], [-0.01, 0.5], [0.5, 1.01]])
    assert inside(at).tolist() == [True, True, False, False]
