"""Commands that train, roll out or collect."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from para_bench.types import DEFAULT_BACKBONE


@dataclass(frozen=True)
class Run:
    """Train heads on a split's demonstrations, test them in its conditions, print the table.

    What is finished is found again: the same command continues an interrupted run, and running it for another head adds to --out.
    Example: para-bench run --head para global_token my_package.my_module:MyHead --split novel_view
    """

    head: tuple[str, ...] = ("para",)
    """Heads to compare: names of `para-bench list`, or your own as module:Class (docs/PLUGINS.md)."""
    split: str = "novel_view"
    """What to train and test on, see `para-bench list`."""
    profile: str = "default"
    """smoke (does it run), default (minutes on a laptop) or paper (5 training seeds; a GPU, or overnight)."""
    demos: int | None = None
    """Demonstrations to train on; the profile's number if not given."""
    demo_seed: int = 0
    """Which ones, the same for every head and training seed; an --out of its own for each keeps them apart."""
    seeds: int | None = None
    """Training seeds; with several, intervals are about the method instead of one checkpoint."""
    episodes: int | None = None
    """Scenes of each condition group."""
    steps: int | None = None
    """Optimiser steps; with the batch the cap on samples seen, the same for every head."""
    batch: int | None = None
    """Windows an optimiser step."""
    copies: int | None = None
    """Augmented copies of each training frame; 0 switches augmentation off."""
    turns: bool = True
    """Turn and zoom those copies as well as colour them; heads that see the calibration are told of it."""
    learning_rate: float | None = None
    """Instead of each head's own from the search on validation scenes."""
    decode: str = "subcell"
    """How heatmaps become places: subcell or argmax."""
    backbone: str = DEFAULT_BACKBONE
    """See `para-bench list`; timm:NAME is any timm model."""
    backbone_weights: Path | None = None
    """A .safetensors file with the backbone's weights."""
    finetune: bool = False
    """Train through the backbone instead of on its cached features."""
    freeze_stages: int = 0
    """With --finetune: so many of the backbone's stages keep their weights, stem first; efficientnet_lite0 has 8, a small ViT 13."""
    image_size: int = 224
    """Side of the camera's images [px]."""
    workers: int = os.cpu_count() or 1
    """Processes that roll out episodes; the number changes no outcome."""
    out: Path = Path("runs")
    """Where demonstrations, checkpoints, episodes, tables and videos go."""
    device: str = "auto"
    """Where to train: auto, cpu or cuda."""
    videos: bool = True
    """Write one rollout video a condition."""

    def __call__(self) -> None:
        from para_bench.commands.run import run

        run(self)


@dataclass(frozen=True)
class Suite:
    """Run many heads, splits and training seeds; trainings that splits share are done once, and what is there is not done again.

    smoke (does it run), ci (guards success rates), headline, breadth, rivals, others, video, imagenet and finetuned (the parts of the
    reference results), paper (everything, five seeds). --plan shows how long each takes, about.
    Example: para-bench suite ci --out runs/ci
    """

    name: tyro.conf.Positional[str] = "smoke"
    """Which one; `para-bench list` tells what is in it."""
    splits: tuple[str, ...] = ()
    """Only these of its splits; all if not given."""
    out: Path = Path("runs")
    """Where demonstrations, checkpoints, episodes and tables go."""
    workers: int = os.cpu_count() or 1
    """Processes that train and roll out; the number changes no outcome."""
    device: str = "auto"
    """Where to train: auto, cpu or cuda."""
    plan: bool = False
    """Only show what is there and what is left."""

    def __call__(self) -> None:
        from para_bench.commands.suite import suite

        suite(self)


@dataclass(frozen=True)
class Check:
    """Regression gate for CI: exit code 0 HELD, 1 REGRESSED, 2 CANNOT TELL, 3 an error. See docs/GATE.md.

    Example: para-bench check --results runs/ci --junit gate.xml --summary gate.md
    """

    baseline: Path = Path("results/baselines/ci.json")
    """The outcomes to measure against; only --update writes it."""
    results: Path | None = None
    """A folder with the records of the suite; without it the baseline's suite is run into --out."""
    out: Path = Path("runs/check")
    """Where the suite runs; what is there already is not done again."""
    workers: int = os.cpu_count() or 1
    """Processes that train and roll out; the number changes no outcome."""
    layer: tuple[Literal["fixed", "retrained"], ...] = ()
    """What to check or to move: the kept checkpoint, the retrained heads; all that the baseline has if not given."""
    junit: Path | None = None
    """Write JUnit XML."""
    summary: Path | None = None
    """Write the table as Markdown."""
    update: bool = False
    """Move the baseline to the results, or make it."""
    reason: str = ""
    """Why it moves; kept in its history."""
    suite: str | None = None
    """With --update: the suite that makes the records."""
    margin: float | None = None
    """With --update: the largest loss of a rate that is tolerated, in [0, 1]."""
    cell: tuple[str, ...] = ()
    """With --update: what is watched, as HEAD/SPLIT/CONDITION/LEVEL, level `all` pools; every cell that can regress if not given."""
    new_seeds: int | None = None
    """With --update: how many training seeds a check trains anew."""

    def __call__(self) -> None:
        from para_bench.commands.check import check

        check(self)


@dataclass(frozen=True)
class Replay:
    """Run a recorded episode again, say whether it went as recorded (SAME or DIFFERENT), and film it.

    Without --out the video goes beside the results, where `para-bench site` finds it. Exit code 1 where it went differently.
    Example: para-bench replay runs novel_view/view_angle/25/12/para/0 --beside global_token --out both.gif
    """

    results: tyro.conf.Positional[Path]
    """A results folder, with its checkpoints."""
    episode: tyro.conf.Positional[str]
    """SPLIT/CONDITION/LEVEL/SCENE/HEAD/SEED."""
    head: str | None = None
    """Another head in the same scene."""
    beside: tuple[str, ...] = ()
    """Further heads in the same scene, side by side in the video."""
    camera: str | None = None
    """Film from AZIMUTH,ELEVATION [deg], or from novel, side or top; the policy still sees through its own camera."""
    out: Path | None = None
    """A .mp4 or .gif."""
    width: int | None = None
    """Width of the video [px]."""
    speed: float = 1.0
    """Of the video given with --out; 1 is real time."""
    rerun: Path | None = None
    """Also write a Rerun recording (.rrd); needs `pip install 'para-bench[rerun]'`."""

    def __call__(self) -> None:
        from para_bench.commands.replay import replay

        replay(self)


@dataclass(frozen=True)
class Pretrain:
    """Train a backbone without labels, for `--backbone-weights`; the same command continues an interrupted run.

    multiview: an image backbone learns to give a surface point the same features from every view and in every light (dense contrastive
    learning on random scenes with other things in them than the benchmark's; the simulator says which pixels show the same point).
    video: a small U-Net learns to predict the next 7 images of demonstrations and of play (the arm reaching and pushing at random),
    measured by PSNR and SSIM beside repeating the last image. Say beside results that such backbones have seen the renderer.
    Example: para-bench pretrain multiview && para-bench features --backbone-weights multiview.safetensors
    """

    what: tyro.conf.Positional[Literal["multiview", "video"]]
    backbone: str | None = None
    """Where to start from; efficientnet_lite0 for multiview, the untrained U-Net `video` for video."""
    steps: int | None = None
    """Optimiser steps; 2500 for multiview, 1500 for video."""
    batch: int | None = None
    """Scenes (6, two pictures each) or clips (8) a step."""
    learning_rate: float | None = None
    """Peak of the cosine schedule; 3e-4 or 1e-3."""
    demos: int = 20
    """video: demonstrations, the first ones that `run` trains on."""
    play: int = 40
    """video: play episodes, which make up half of each batch; 0 for none."""
    image_size: int = 224
    """Side of the pictures [px]."""
    workers: int = 1
    """multiview: processes that draw scenes; the number changes no weight."""
    out: Path | None = None
    """Gets the weights, WHAT.safetensors if not given; files of the same name get the curve (.csv) and predicted images (.png)."""
    device: str = "auto"
    """Where to train: auto, cpu or cuda."""

    def __call__(self) -> None:
        from para_bench.commands.pretrain import pretrain

        pretrain(self)


@dataclass(frozen=True)
class Demos:
    """Collect demonstrations with the scripted expert, and a picture of them."""

    n: int = 20
    """How many."""
    out: Path = Path("demos")
    """Folder for the demonstrations, contact_sheet.png and demonstrations.mp4."""
    seed: int = 0
    """Which demonstrations; 0 are the ones that `run` trains on, N those of `run --demo-seed N`."""
    image_size: int = 224
    """Side of the pictures [px]."""

    def __call__(self) -> None:
        from para_bench.commands.demos import collect

        collect(self)
