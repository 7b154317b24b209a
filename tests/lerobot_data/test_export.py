"""Where lerobot is not installed an export says so in one line; which episodes it writes. With lerobot: tests/with_lerobot."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from para_bench.data.store import Demonstrations, View
from para_bench.lerobot_data.export import _episodes, export
from para_bench.types import ParaBenchError


@pytest.mark.skipif(importlib.util.find_spec("lerobot") is not None, reason="lerobot is installed here")
def test_without_lerobot_it_is_told_how_to_get_it(demonstrations: Demonstrations, tmp_path: Path) -> None:
    with pytest.raises(
        ParaBenchError, match=r"^lerobot cannot be imported here .*; allowed: pip install 'para-bench\[lerobot\]' on Python"
    ):
        export(demonstrations, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_episode_is_a_demonstration_in_a_view_at_waypoints(demonstrations: Demonstrations) -> None:
    views = tuple((View(scene.camera, scene.room),) * 2 for scene in demonstrations.scenes)
    dense = replace(demonstrations, stride=3)
    found = list(_episodes(dense, views))
    assert len(found) == len(demonstrations.scenes) * 2 * 3
    assert all((np.diff(episode.frames) == 3).all() for episode in found)
    first = np.concatenate([episode.frames for episode in found if episode.view == 0])
    np.testing.assert_array_equal(np.sort(first), np.arange(len(demonstrations.frames)))
