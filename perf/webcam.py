"""The levels of split `webcam` and those left out, side by side, on sampled scenes that belong to no split.

    python perf/webcam.py --out webcam.png

A row a scene: the clean picture, then blur of radius 3, 4, 6 and 8 px, then exposure of 1 and 1.5 stops too long and too short.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro

from para_bench.commands.parts.pictures import contact_sheet, write_picture
from para_bench.envs.env import TaskEnv
from para_bench.envs.sampling import CROWDED, sample_scene
from para_bench.sim.webcam import corrupted
from para_bench.types import Corruption

SHOWN = [Corruption("blur", radius) for radius in (3, 4, 6, 8)] + [Corruption("exposure", stops) for stops in (1.0, 1.5, -1.0, -1.5)]


@dataclass(frozen=True)
class Args:
    out: Path = Path("webcam.png")
    seeds: tuple[int, ...] = (9001, 9002, 9003, 9004)
    """One scene each, from a random stream that no split draws from."""


def main(args: Args) -> None:
    env, cells = TaskEnv(image_size=224), []
    for seed in args.seeds:
        env.start(sample_scene(np.random.default_rng(seed), world=CROWDED))
        clean = env.render()
        cells += [clean, *(corrupted(clean, each, np.random.default_rng(0)) for each in SHOWN)]
    env.close()
    write_picture(args.out, contact_sheet(cells, 1 + len(SHOWN)))


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
