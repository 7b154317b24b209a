"""`para-bench view`: a gallery of test scenes, one row a condition."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import imageio.v2 as imageio
from tqdm import tqdm

from para_bench.benchmarks.scenes import test_scene
from para_bench.benchmarks.splits import find_split
from para_bench.commands.pictures import contact_sheet
from para_bench.envs.env import PickPlace
from para_bench.replays.video import annotate
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.looking import View

SUFFIXES = (".png", ".jpg", ".jpeg")


def view(args: View) -> None:
    if args.n < 1:
        raise ParaBenchError(f"--n is {args.n}; allowed: 1 or more")
    if args.out and args.out.suffix.lower() not in SUFFIXES:
        raise ParaBenchError(f"--out is {args.out}; allowed: a picture file ending in {', '.join(SUFFIXES)}")
    split, env, images = find_split(args.split), PickPlace(image_size=args.image_size), []
    conditions = [c for c in split.all_conditions if c.share[1] == 1 or c.share[0] % 8 == 0]  # of a map's cells, one in eight
    for condition in tqdm(conditions, desc="scenes"):
        for index in range(args.n):
            env.start(test_scene(split, condition, index))
            images.append(annotate(env.render(), f"{condition.factor} {condition.level} #{index}"))
    path = args.out or Path(f"{split.name}.png")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        imageio.imwrite(path, contact_sheet(images, args.n))
    except OSError as error:
        raise ParaBenchError(f"cannot write --out {path} ({error.strerror}); allowed: a path you may write to") from None
    print(f"{len(images)} scenes: {path}")
