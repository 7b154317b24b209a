"""Contact sheets, and the size that they may have."""

from __future__ import annotations

from pathlib import Path

import imageio.v2 as imageio
import numpy as np
import pytest

from para_bench.commands.parts.pictures import check_sheet, contact_sheet, write_picture
from para_bench.types import ParaBenchError


def test_images_stand_in_rows_and_the_rest_is_white() -> None:
    images = [np.full((4, 6, 3), shade, np.uint8) for shade in (10, 20, 30)]
    sheet = contact_sheet(images, 2)
    assert sheet.shape == (2 * 6, 2 * 8, 3)
    assert [int(sheet[top, left, 0]) for top in (0, 6) for left in (0, 8)] == [10, 20, 30, 255]
    assert (sheet[4:6] == 255).all()  # a line between the rows
    assert (sheet[:, 6:8] == 255).all()


def test_a_sheet_that_no_viewer_opens_is_refused() -> None:
    check_sheet(1, 1, 19_998)  # 400 million pixels with their line
    with pytest.raises(ParaBenchError, match="the picture of 2 x 1 images of 19998 px has 800000000 pixels; allowed: 400000000"):
        check_sheet(2, 1, 19_998)


def test_a_picture_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    picture = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
    write_picture(tmp_path / "x.png", picture)
    assert np.array_equal(imageio.imread(tmp_path / "x.png"), picture)
    (tmp_path / "taken.png").mkdir()
    with pytest.raises(ParaBenchError, match=r"taken\.png"):
        write_picture(tmp_path / "taken.png", picture)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken.png", "x.png"]
