"""The picture of the distribution of training cameras."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.benchmarks.conditions import DEFAULT_TRAINING
from para_bench.envs.ranges import DEFAULT_VIEWPOINT
from para_bench.replays.camera_views import COLUMNS, ROWS, camera_views, numbers


@pytest.mark.integration
def test_where_cameras_stand_is_above_what_they_see() -> None:
    side = 96
    picture = camera_views(DEFAULT_TRAINING, side).astype(int)
    assert picture.shape[1] == COLUMNS * side
    stands, sheet = picture[: -ROWS * side], picture[-ROWS * side :]
    assert len(stands) > 100
    assert (np.ptp(stands, axis=2) > 60).sum() > 500  # coloured lines on white
    cells = [sheet[side * row :, side * column :][:side, :side] for row in range(ROWS) for column in range(COLUMNS)]
    assert all(np.abs(a - b).mean() > 1 for i, a in enumerate(cells) for b in cells[:i])


def test_the_numbers_of_a_camera() -> None:
    assert numbers(DEFAULT_VIEWPOINT) == "+0 45 0.75m +0 f42"
