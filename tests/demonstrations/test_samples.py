"""Which frame, copy and view each image is of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from para_bench.data.store import Demonstrations, View
from para_bench.demonstrations.samples import samples_of


def with_views(demonstrations: Demonstrations, count: int) -> Demonstrations:
    views = tuple(View(replace(demonstrations.scenes[0].camera, fovy_deg=30.0 + i), demonstrations.scenes[0].room) for i in range(count))
    return replace(demonstrations, views=(views, views[:2]))


@pytest.mark.parametrize("copies", [1, 3])
def test_with_a_frame_at_each_waypoint_copies_are_of_one_frame(demonstrations: Demonstrations, copies: int) -> None:
    found = samples_of(demonstrations, copies, 0)
    np.testing.assert_array_equal(found.frame, np.repeat(np.arange(len(demonstrations.frames)), copies))
    np.testing.assert_array_equal(found.copy, np.tile(np.arange(copies), len(demonstrations.frames)))
    assert set(found.view.tolist()) == {-1}


@pytest.mark.parametrize(("copies", "offsets"), [(1, [0]), (2, [0, 2]), (4, [0, 1, 2, 3]), (8, [0, 0, 1, 1, 2, 2, 3, 3])])
def test_frames_between_waypoints_take_the_place_of_copies(demonstrations: Demonstrations, copies: int, offsets: list[int]) -> None:
    """Of 58 frames, as if four of them were one waypoint: the number of images is that of waypoints times copies."""
    found = samples_of(replace(demonstrations, stride=4), copies, 0)
    first = found.frame[: 7 * copies].reshape(7, copies)
    np.testing.assert_array_equal(first, 4 * np.arange(7)[:, None] + offsets)
    assert len(found.frame) == 2 * 8 * copies  # 29 frames are 8 waypoints, the last of one frame
    last = found.frame[7 * copies : 8 * copies]
    assert set(last.tolist()) == {28}  # never a frame of the next demonstration
    assert found.source(copies) == (4, 0)


def test_views_are_met_equally_often_and_crossed_with_copies(demonstrations: Demonstrations) -> None:
    seen = with_views(demonstrations, 4)
    found = samples_of(seen, 4, 0)
    episode = seen.frames.episode[found.frame]
    assert np.bincount(found.view[episode == 0]).tolist() == [29] * 4
    assert np.bincount(found.view[episode == 1]).tolist() == [58] * 2
    table = np.zeros((4, 4), int)
    np.add.at(table, (found.copy[episode == 0], found.view[episode == 0]), 1)
    assert table.min() >= 1  # with 116 images, 7 a cell on average
    assert found.view.tolist() == samples_of(seen, 4, 0).view.tolist()
    assert found.view.tolist() != samples_of(seen, 4, 1).view.tolist()


def test_more_views_than_images_are_met_in_part(demonstrations: Demonstrations) -> None:
    found = samples_of(with_views(demonstrations, 64), 1, 0)
    assert len(set(found.view[:29].tolist())) == 29
