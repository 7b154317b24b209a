"""`para-bench pretrain`: train an image backbone further on views of random scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from para_bench.backbones import backbone_row
from para_bench.commands.run import check_device
from para_bench.envs.rendering import check_size
from para_bench.pretraining.multiview import Settings, pretrain
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.running import Pretrain


def pretrain_backbone(args: Pretrain) -> None:
    backbone_row(args.backbone)
    check_size(args.image_size)
    check_device(args.device)
    for name in ("steps", "batch"):
        if getattr(args, name) < 1:
            raise ParaBenchError(f"--{name} is {getattr(args, name)}; allowed: 1 or more")
    if args.out.suffix != ".safetensors":
        raise ParaBenchError(f"--out is {args.out}; allowed: a name that ends in .safetensors")
    try:
        args.out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ParaBenchError(f"cannot write to {args.out.parent} ({error.strerror}); allowed: a folder you may write to") from None
    device = ("cuda" if torch.cuda.is_available() else "cpu") if args.device == "auto" else args.device
    settings = Settings(args.backbone, args.steps, args.batch, args.learning_rate, image_size=args.image_size)
    written = pretrain(settings, args.out, torch.device(device), args.workers)
    print(f"weights: {written}   curve: {written.with_suffix('.csv')}")
    print(f"use them: para-bench run --backbone {args.backbone} --backbone-weights {written}")
