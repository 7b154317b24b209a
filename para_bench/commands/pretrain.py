"""`para-bench pretrain`: train a backbone without labels, on views of random scenes or on videos."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from tyro.conf import Positional

from para_bench.options import BATCH, DEMOS, RATE, SIZE_PX, STEPS, WORKERS, Range, check_device_name, refuse_idle
from para_bench.types import ParaBenchError

SUFFIX = ".safetensors"


@dataclass(frozen=True)
class Pretrain:
    """Train a backbone without labels, for `--backbone-weights`.

    The same command continues an interrupted run.

    multiview: an image backbone learns to give a surface point the same features from every view and in every light (dense contrastive
    learning on random scenes with other things in them than the benchmark's; the simulator says which pixels show the same point).
    video: a small U-Net learns to predict the next 7 images of demonstrations and of play (the arm reaching and pushing at random),
    measured by PSNR and SSIM beside repeating the last image. Say beside results that such backbones have seen the renderer.

    Example: para-bench pretrain multiview && para-bench features --backbone-weights multiview.safetensors
    """

    what: Positional[Literal["multiview", "video"]]
    backbone: str | None = None
    """Where to start from; efficientnet_lite0 for multiview, the untrained U-Net `video` for video."""
    steps: Annotated[int | None, STEPS] = None
    """Optimiser steps; 2500 for multiview, 1500 for video."""
    batch: Annotated[int | None, BATCH] = None
    """Scenes (6, two pictures each) or clips (8) a step."""
    learning_rate: Annotated[float | None, RATE] = None
    """Peak of the cosine schedule; 3e-4 or 1e-3."""
    demos: Annotated[int, DEMOS] = 20
    """video: demonstrations, the first ones that `run` trains on."""
    play: Annotated[int, Range(0, 100_000)] = 40
    """video: play episodes, which make up half of each batch; 0 for none."""
    image_size: Annotated[int, SIZE_PX] = 224
    """Side of the pictures [px]."""
    workers: Annotated[int, WORKERS] = 1
    """multiview: processes that draw scenes; the number changes no weight."""
    out: Path | None = None
    """Gets the weights, WHAT.safetensors if not given; files of the same name get the curve (.csv) and predicted images (.png)."""
    device: str = "auto"
    """Where to train: auto, cpu or cuda."""

    def check(self) -> None:
        """Raises ParaBenchError for an option that is not allowed."""
        check_device_name(self.device)
        others = {"multiview": ("demos", "play"), "video": ("workers",)}[self.what]
        refuse_idle(self, others, f"with {self.what}", f"with {'video' if self.what == 'multiview' else 'multiview'}")
        if self._file.suffix != SUFFIX:
            raise ParaBenchError(f"--out is {self._file}; allowed: a name that ends in {SUFFIX}")

    @property
    def _file(self) -> Path:
        return self.out or Path(f"{self.what}{SUFFIX}")

    def __call__(self) -> None:
        from para_bench.backbones import backbone_row
        from para_bench.backbones.video_unet import VIDEO_MODELS
        from para_bench.benchmarks.conditions import DEFAULT_TRAINING
        from para_bench.commands.parts.device import find_device
        from para_bench.commands.parts.places import check_place
        from para_bench.demonstrations.stored import VALIDATION_DEMOS, demonstrations
        from para_bench.execution.cost import say_collecting
        from para_bench.pretraining import multiview, video
        from para_bench.pretraining.clips import Clips
        from para_bench.pretraining.loop import Loop
        from para_bench.pretraining.play import play

        out, device = self._file, find_device(self.device)
        backbone = self.backbone or {"multiview": "efficientnet_lite0", "video": "video"}[self.what]
        is_video = backbone_row(backbone).timm_name in VIDEO_MODELS
        if is_video != (self.what == "video"):
            kind = "a" if is_video else "no"
            raise ParaBenchError(f"--backbone {backbone} is {kind} video model; allowed for {self.what}: the other kind")
        check_place(out)
        if self.what == "multiview":
            loop = Loop(self.steps or 2500, self.learning_rate or 3e-4)
            multiview.pretrain(multiview.Settings(loop, backbone, self.batch or 6, self.image_size), out, device, self.workers)
        else:
            say_collecting(self.demos + self.play)
            loop = Loop(self.steps or 1500, self.learning_rate or 1e-3, evaluations=5)
            sources = [demonstrations(DEFAULT_TRAINING, self.demos, 0, out.parent)]
            if self.play:
                sources.append(play(self.play, progress=True))
            held_out = Clips(demonstrations(DEFAULT_TRAINING, VALIDATION_DEMOS, -1, out.parent), self.image_size)
            settings = video.Settings(loop, backbone, self.batch or 8, self.image_size)
            video.pretrain(settings, [Clips(found, self.image_size) for found in sources], held_out, out, device)
            print(f"true and predicted images: {out.with_suffix('.png')}\n{video.verdict(out)}")
        print(f"weights: {out}   curve: {out.with_suffix('.csv')}")
        print(f"use them: para-bench run --backbone {backbone} --backbone-weights {out}")
