"""`para-bench demos`: demonstrations on disk, and pictures of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imageio.v2 as imageio
import numpy as np
from tqdm import tqdm

from para_bench.benchmarks.conditions import TrainingSet
from para_bench.benchmarks.scenes import training_scene
from para_bench.commands.folders import make_folder
from para_bench.commands.pictures import contact_sheet
from para_bench.data.augmentation import Augmentation
from para_bench.data.store import save
from para_bench.demonstrations.collect import collect as collect_demonstrations
from para_bench.demonstrations.frames import FrameImages
from para_bench.replays.video import write_video
from para_bench.sim.rendering import check_size
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.running import Demos

_SHEET_DEMOS, _SHEET_FRAMES = 12, 8


def collect(args: Demos) -> None:
    if args.n < 1:
        raise ParaBenchError(f"--n is {args.n}; allowed: 1 or more")
    if args.seed < 0:
        raise ParaBenchError(f"--seed is {args.seed}; allowed: 0 or more")
    check_size(args.image_size)
    make_folder(args.out)
    found = collect_demonstrations([training_scene(TrainingSet(), i, args.seed, args.n) for i in range(args.n)], progress=True)
    save(found, args.out)
    images, episode = FrameImages(found, args.image_size, Augmentation(copies=0), 0), found.frames.episode
    chosen = []
    for demo in range(min(args.n, _SHEET_DEMOS)):
        frames = np.flatnonzero(episode == demo)
        chosen += [images.frame(int(i)) for i in frames[np.linspace(0, len(frames) - 1, _SHEET_FRAMES).round().astype(int)]]
    imageio.imwrite(args.out / "contact_sheet.png", contact_sheet(chosen, _SHEET_FRAMES))
    shown = tqdm(np.flatnonzero(episode < _SHEET_DEMOS), desc="video")
    write_video(args.out / "demonstrations.mp4", (images.frame(int(index)) for index in shown), 8)
    print(f"{args.n} demonstrations ({len(found.frames)} frames, all successful) and pictures of them: {args.out}")
