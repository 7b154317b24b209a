"""`para-bench pretrain`: train a backbone without labels, on views of random scenes or on videos."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from para_bench.backbones import backbone_row
from para_bench.backbones.video_unet import VIDEO_MODELS
from para_bench.benchmarks.conditions import DEFAULT_TRAINING
from para_bench.commands.folders import make_folder
from para_bench.commands.run import check_device
from para_bench.demonstrations.stored import VALIDATION_DEMOS, demonstrations
from para_bench.pretraining import multiview, video
from para_bench.pretraining.clips import Clips
from para_bench.pretraining.loop import Loop
from para_bench.pretraining.play import play
from para_bench.sim.rendering import check_size
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.running import Pretrain


def pretrain(args: Pretrain) -> None:
    out, backbone = _resolve(args)
    device = torch.device(("cuda" if torch.cuda.is_available() else "cpu") if args.device == "auto" else args.device)
    if args.what == "multiview":
        loop = Loop(args.steps or 2500, args.learning_rate or 3e-4)
        multiview.pretrain(multiview.Settings(loop, backbone, args.batch or 6, args.image_size), out, device, args.workers)
    else:
        loop = Loop(args.steps or 1500, args.learning_rate or 1e-3, evaluations=5)
        sources = [demonstrations(DEFAULT_TRAINING, args.demos, 0, out.parent)]
        if args.play:
            sources.append(play(args.play, progress=True))
        held_out = Clips(demonstrations(DEFAULT_TRAINING, VALIDATION_DEMOS, -1, out.parent), args.image_size)
        settings = video.Settings(loop, backbone, args.batch or 8, args.image_size)
        video.pretrain(settings, [Clips(found, args.image_size) for found in sources], held_out, out, device)
        print(f"true and predicted images: {out.with_suffix('.png')}\n{video.verdict(out)}")
    print(f"weights: {out}   curve: {out.with_suffix('.csv')}")
    print(f"use them: para-bench run --backbone {backbone} --backbone-weights {out}")


def _resolve(args: Pretrain) -> tuple[Path, str]:
    """The file to write and the backbone to train.

    Raises:
        ParaBenchError: an option that is not allowed.
    """
    out = args.out or Path(f"{args.what}.safetensors")
    backbone = args.backbone or {"multiview": "efficientnet_lite0", "video": "video"}[args.what]
    is_video = backbone_row(backbone).timm_name in VIDEO_MODELS
    if is_video != (args.what == "video"):
        raise ParaBenchError(f"--backbone {backbone} is {'a' if is_video else 'no'} video model; allowed for {args.what}: the other kind")
    check_size(args.image_size)
    check_device(args.device)
    for name, least in (("steps", 1), ("batch", 1), ("demos", 1), ("play", 0)):
        if (value := getattr(args, name)) is not None and value < least:
            raise ParaBenchError(f"--{name} is {value}; allowed: {least} or more")
    if out.suffix != ".safetensors":
        raise ParaBenchError(f"--out is {out}; allowed: a name that ends in .safetensors")
    make_folder(out.parent)
    return out, backbone
