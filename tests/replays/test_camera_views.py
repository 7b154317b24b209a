"""The picture of the distribution of training cameras."""

from __future__ import annotations

from pathlib import Path

import imageio.v2 as imageio
import numpy as np
import pytest

from para_bench.commands.parts.camera_picture import COLUMNS, SHOWN, TESTS_SHOWN, draw_cameras, numbers
from para_bench.commands.view import View
from para_bench.envs.ranges import DEFAULT_VIEWPOINT
from para_bench.types import ParaBenchError


@pytest.mark.integration
def test_where_cameras_stand_is_above_what_they_see(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    View(cameras=True, image_size=96, out=tmp_path / "x.png")()
    picture = imageio.imread(tmp_path / "x.png").astype(int)
    rows = (SHOWN + 2 * TESTS_SHOWN) // COLUMNS
    assert picture.shape[1] == COLUMNS * 98
    stands, sheet = picture[: -rows * 98], picture[-rows * 98 :]
    assert len(stands) > 100
    assert (np.ptp(stands, axis=2) > 60).sum() > 500  # coloured lines on white
    cells = [sheet[top : top + 96, left : left + 96] for top in range(0, rows * 98, 98) for left in range(0, COLUMNS * 98, 98)]
    assert all(np.abs(a - b).mean() > 1 for i, a in enumerate(cells) for b in cells[:i])
    assert "128 cameras, 24 of them seen through" in capsys.readouterr().out


def test_the_numbers_of_a_camera() -> None:
    assert numbers(DEFAULT_VIEWPOINT) == "+0 45 0.75m +0 f42"


def test_a_picture_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match="pixels; allowed: 400000000"):
        draw_cameras("place", "so101", 2, 4096, tmp_path / "x.png")
