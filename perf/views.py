"""How far the 8 x 8 views of `novel_view` are from the training view, over the episodes that a run rolls out.

python perf/views.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import tyro

from para_bench.benchmarks.scenes import test_scene
from para_bench.benchmarks.splits import find_split
from para_bench.envs.sampling import DEFAULT_CAMERA
from para_bench.geometry import view_angle_deg
from para_bench.sim.cameras import WORKSPACE_CENTRE


@dataclass(frozen=True)
class Args:
    episodes: int = 100
    """Scenes of each condition group, as of a run."""


def main(args: Args) -> None:
    split = find_split("novel_view", version=1)
    cells = [condition for condition in split.conditions if condition.factor == "view_grid"]
    cameras = [test_scene(split, cell, i).camera for cell in cells for i in cell.indices(args.episodes)]
    found = np.array([view_angle_deg(DEFAULT_CAMERA, camera, WORKSPACE_CENTRE) for camera in cameras])
    print(f"{len(found)} episodes in {len(cells)} views: {found.mean():.1f} deg away on average, {found.min():.1f} to {found.max():.1f}")


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
