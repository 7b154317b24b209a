"""Text in pictures and films."""

from __future__ import annotations

import numpy as np

from para_bench.replays.video import annotate


def test_a_text_that_is_too_wide_takes_several_lines() -> None:
    picture = np.full((160, 160, 3), 99, np.uint8)
    one, two = annotate(picture, "view 15"), annotate(picture, "object_moved 6 #0 after 4 waypoints")
    assert (one[17:] == 99).all()
    assert (two[29:] == 99).all()
    assert (two[18:28, :40] != 99).any()
    assert (two[:, -2:] == 99).all()  # not cut at the edge
