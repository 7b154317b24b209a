"""A dump of plain numbers."""

from __future__ import annotations

import numpy as np
import pytest

from para_bench.tensors import encode_actions, encode_state
from parity.dump import Dump


@pytest.fixture
def small_dump() -> Dump:
    """Two demonstrations of 14 and 3 frames: the first is longer than a chunk, the second shorter."""
    rng = np.random.default_rng(5)  # any seed
    count = 17
    low, high = [0.1, -0.2, 0.0, -1.5, 0.0], [0.3, 0.2, 0.1, 1.5, 1.0]
    waypoint = rng.uniform(low, high, (count, 5)).astype(np.float32)
    return Dump(
        episode=np.repeat([0, 1], [14, 3]),
        image=rng.integers(0, 256, (count, 32, 32, 3), dtype=np.uint8),
        state=encode_state(waypoint[:, :3], waypoint[:, 3], waypoint[:, 4]),
        action=encode_actions(waypoint),
        waypoint=waypoint,
        intrinsics=np.tile(np.array([[40, 0, 16], [0, 40, 16], [0, 0, 1]], np.float32), (count, 1, 1)),
        world_from_camera=np.tile(np.eye(4, dtype=np.float32), (count, 1, 1)),
        gripper_pixel=rng.uniform(0, 32, (count, 2)).astype(np.float32),
        levels=(rng.random((count, 3, 4, 4)).astype(np.float16), rng.random((count, 5, 2, 2)).astype(np.float16)),
    )
