"""Clouds, virtual views and their fusion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from para_bench.geometry import unproject
from para_bench.heads.parts.cloud import cloud, thin
from para_bench.heads.parts.grid import peak_cell, splat_cells
from para_bench.heads.parts.virtual_views import VIEWS, draw
from para_bench.heads.parts.workspace import Workspace
from para_bench.heads.rvt import fuse_scores
from para_bench.tensors import DEPTH_SIZE
from para_bench.types import ACTIONS, ParaBenchError

workspace = Workspace.of(ACTIONS)


def test_the_cloud_is_the_unprojected_depth(pyramid_case) -> None:
    points, known = cloud(pyramid_case.batch)
    camera = pyramid_case.observations[0].camera.resized(DEPTH_SIZE)
    pixels = np.stack(np.meshgrid(*[np.arange(DEPTH_SIZE) + 0.5] * 2), axis=-1).reshape(-1, 2)
    expected = unproject(pixels, pyramid_case.batch.depth[1].numpy().ravel(), camera)
    np.testing.assert_allclose(points[1], expected, atol=1e-6)  # m; float32
    assert known.all()


def test_a_look_without_depth_is_told(pyramid_case) -> None:
    with pytest.raises(ParaBenchError, match="depth is None; allowed"):
        cloud(replace(pyramid_case.batch, depth=None))


def test_thinning_keeps_only_kept_points_and_spreads_over_them() -> None:
    points = torch.arange(300.0).reshape(1, 100, 3).repeat(3, 1, 1)
    kept = torch.zeros(3, 100, dtype=torch.bool)
    kept[0, 20:80], kept[1, 50:52] = True, True
    found, some = thin(points, kept, 12)
    assert some.tolist() == [True, True, False]
    assert (found[0, :, 0] / 3).tolist() == list(range(20, 80, 5))
    assert (found[1, :, 0] / 3).tolist() == [50.0] * 6 + [51.0] * 6


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_shows_the_point_in_front(view) -> None:
    middle = torch.tensor([0.2, 0.05, 0.06])
    behind, front, unknown, outside = middle.clone(), middle.clone(), middle.clone(), middle.clone()
    front[view.along] += 0.03
    unknown[view.along] += 0.05
    outside[view.along] += 1.0
    points = torch.stack([behind, front, unknown, outside])[None]
    shown = draw(view, workspace, points, torch.tensor([[True, True, False, True]])).unflatten(1, view.sizes(workspace))
    row, column = workspace.cells(middle)[list(view.plane)].round().int().tolist()
    assert shown[0, row, column] == 1
    assert set(shown.unique().tolist()) == {-1, 1}


@pytest.mark.parametrize(("high_row", "expected"), [(11.4, [-1, 0, 1, 1, -1]), (10.6, [-1, 0, 1, -1, -1])])
def test_holes_between_points_are_filled_and_no_point_is_covered_from_the_side(high_row: float, expected: list[int]) -> None:
    """From above: a low point in its own cell, row 10, and a high one a little further."""
    cells = torch.tensor([[[10.0, 20.0, 0.0], [high_row, 20.0, 5.0]]])
    shown = draw(VIEWS[0], workspace, workspace.points(cells), torch.ones(1, 2, dtype=torch.bool)).unflatten(1, VIEWS[0].sizes(workspace))
    assert shown[0, 9:14, 20].tolist() == expected


def test_fused_labels_are_the_place() -> None:
    """Corners, borders and any places between; what `splat_cells` spreads over three views comes back as one point."""
    rng = np.random.default_rng(0)  # any places
    cells = torch.from_numpy(rng.uniform(0, np.array(workspace.sizes) - 1, (1, 12, 3))).float()
    cells[0, 0] = 0
    logits = [splat_cells(cells[..., view.plane], view.sizes(workspace)).log() for view in VIEWS]
    torch.testing.assert_close(peak_cell(fuse_scores(logits), 3), cells, atol=1e-5, rtol=0)  # float32
    points = workspace.points(cells)
    assert workspace.inside(points).all()
    torch.testing.assert_close(workspace.cells(points), cells, atol=1e-5, rtol=0)
