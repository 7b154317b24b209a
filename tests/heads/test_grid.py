"""Places on a grid of cells: spreading, reading back and sampling."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from para_bench.heads.grid import inside, peak, sample, splat

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
