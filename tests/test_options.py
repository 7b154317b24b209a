"""Ranges of number options, and options that do not go together."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from para_bench.commands.check import Check
from para_bench.commands.export_lerobot import ExportLerobot
from para_bench.commands.features import Features
from para_bench.commands.power import Power
from para_bench.commands.pretrain import Pretrain
from para_bench.commands.replay import Replay
from para_bench.commands.run import Run
from para_bench.commands.suite import Suite
from para_bench.commands.tune import Tune
from para_bench.commands.view import View
from para_bench.options import (
    ExecutorOptions,
    FeatureOptions,
    MachineOptions,
    PolicyOptions,
    Range,
    SeenOptions,
    SizeOptions,
    TableOptions,
    TrainingOptions,
    check_ranges,
)
from para_bench.types import ParaBenchError


@pytest.mark.parametrize("value", [0, 11, -1, 10**30, math.nan, math.inf, -math.inf])
def test_a_range_holds_its_ends_and_no_nan(value: float) -> None:
    assert not Range(1, 10).holds(value)
    assert Range(1, 10).holds(1) and Range(1, 10).holds(10)  # noqa: PT018
    assert not Range(1, 10, within=True).holds(1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (SizeOptions(demos=100_000_000), "--demos is 100000000; allowed: 1 to 100000"),
        (SizeOptions(episodes=int("9" * 40)), r"--episodes is 9999999999999999999999\.\.\.; allowed: 1 to 100000"),
        (TrainingOptions(learning_rate=math.nan), "--learning-rate is nan; allowed: 1e-09 to 100"),
        (TrainingOptions(freeze_stages=2), "--freeze-stages is 2 without --finetune"),
        (
            TrainingOptions(turns=False, augmentation="turns"),
            "--augmentation is 'turns' with --no-turns; allowed: colour, which is the same",
        ),
        (TrainingOptions(decode="softmax"), "--decode is 'softmax'; allowed: subcell, argmax"),
        (TrainingOptions(backbone_weights=Path("/nowhere")), "--backbone-weights /nowhere is not there; allowed: a file"),
        (TrainingOptions(backbone_weights=Path("/dev/null")), "--backbone-weights /dev/null is no plain file; allowed: a file"),
        (MachineOptions(device="tpu"), "--device is 'tpu'; allowed: auto, cpu, cuda, cuda:NUMBER"),
        (ExecutorOptions(address="10.0.0.1:6379"), "--address is '10.0.0.1:6379' with --executor local; allowed: with --executor ray"),
        (ExecutorOptions("ray", "10.0.0.1"), "--address is '10.0.0.1'; allowed: HOST:PORT, such as 10.0.0.1:6379"),
        (ExecutorOptions("ray", "ray://10.0.0.1:10001"), "--address is 'ray://10.0.0.1:10001'; allowed: HOST:PORT"),
        (Run(cluster=ExecutorOptions(address="a:1")), "--address is 'a:1' with --executor local"),
        (TableOptions(standalone=True), "--standalone with --format md; allowed with: latex, html"),
        (Power(power=1.0), "--power is 1.0; allowed: 0 to 1, neither of them"),
        (Tune(("para",), rates=()), "--rates names none; allowed: one or more \\(if not given: 0.0003 0.001 0.003\\)$"),
        (Tune(("para",), augmentations=()), "--augmentations names none; allowed: one or more \\(if not given: off colour turns\\)$"),
        (Tune(("para",), demos=()), "--demos names none"),
        (Features(backbone=()), "--backbone names none"),
        (Suite("paper", task=()), "--task names none"),
        (Run(size=SizeOptions(copies=-1)), "--copies is -1; allowed: 0 to 1000"),
        (Run(training_views=SeenOptions(cameras=0)), "--cameras is 0; allowed: 1 to 1024"),
        (Run(training_views=SeenOptions(cameras="each", rooms=2000)), "--rooms is 2000; allowed: 1 to 1024"),
    ],
)
def test_what_is_not_allowed_is_told(options: Any, message: str) -> None:
    with pytest.raises(ParaBenchError, match=message):
        check_ranges(options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (View(cameras=True, interactive=True), "--interactive with --cameras; allowed: one of them"),
        (View(cameras=True, split="id"), "--split with --cameras, which draws no split; allowed: without it"),
        (View(cameras=True, condition=("id/0",)), "--condition with --cameras, which draws no split; allowed: without it"),
        (View(cameras=True, n=2), "--n with --cameras, which draws no split"),
        (View(interactive=True, out=Path("x.png")), "--out with --interactive, which draws no picture"),
        (View(interactive=True, image_size=64), "--image-size with --interactive, which draws no picture"),
        (Features(report_only=True, scenes=3), "--scenes with --report-only, which measures nothing; allowed: without it"),
        (Features(report_only=True, backbone=("dinov2_vits14",)), "--backbone with --report-only"),
        (Pretrain("multiview", play=3), "--play with multiview; allowed: with video"),
        (Pretrain("multiview", demos=3), "--demos with multiview; allowed: with video"),
        (Pretrain("video", workers=2), "--workers with video; allowed: with multiview"),
        (Check(results=Path("x"), machine=MachineOptions()), "--out with --results, with which nothing is run; allowed: without it"),
        (Check(results=Path("x"), machine=MachineOptions(out=Path("runs/check"), device="cpu")), "--device with --results"),
        (Check(update=True, reason="x", results=Path("x"), junit=Path("x")), "--junit with --update, which gives no verdict"),
        (Check(margin=0.1), "--margin without --update; allowed: only with it"),
        (Replay(Path("x"), "y", speed=2.0), "--speed without --out; allowed: with --out FILE.mp4 or FILE.gif"),
        (Replay(Path("x"), "y", width=64, rerun=Path("x.rrd")), "--width with --rerun and without --out"),
        (ExportLerobot(Path("x"), seed=1), "--seed with --cameras 1, which is the default camera; allowed: with several, or each"),
        (TableOptions(only="fairness", rows="condition"), "--rows with --only fairness, whose rows and columns are fixed"),
        (TableOptions(format="csv", cols="head"), "--cols with --format csv, whose rows and columns are fixed"),
        (PolicyOptions(policy_timeout=5.0), "--policy-timeout without --policy; allowed: with one of"),
        (Run(size=SizeOptions(copies=0), training=TrainingOptions(augmentation="turns")), "--augmentation with --copies 0"),
        (Run(size=SizeOptions(copies=0), training=TrainingOptions(turns=False)), "--no-turns with --copies 0"),
        (
            Run(training=TrainingOptions(finetune=True), features=FeatureOptions("onnxruntime")),
            "--feature-runtime is onnxruntime with --finetune, which is torch's; allowed: auto, torch",
        ),
    ],
)
def test_options_that_nothing_would_read_are_refused(options: Any, message: str) -> None:
    with pytest.raises(ParaBenchError, match=f"^{message}"):
        check_ranges(options)


def test_options_that_are_read_beside_others_are_allowed() -> None:
    for options in (
        View(cameras=True, task="stack", image_size=64, out=Path("x.png")),
        View("id", interactive=True, n=2),
        Features(report_only=True, out=Path("x")),
        Pretrain("video", demos=3, play=3),
        Pretrain("multiview", workers=2),
        Check(machine=MachineOptions(workers=1)),
        Check(results=Path("x"), junit=Path("x"), summary=Path("y")),
        Check(results=Path("x"), update=True, reason="x", margin=0.1),
        Replay(Path("x"), "y", speed=2.0, width=64, out=Path("x.gif")),
        Replay(Path("x"), "y", width=64),
        ExportLerobot(Path("x"), seed=1, cameras="each"),
        TableOptions("csv"),
        TableOptions(only="fairness", format="csv"),
        TableOptions(rows="condition", cols="head"),
        PolicyOptions(("a:b",), policy_timeout=5.0),
        Run(size=SizeOptions(copies=0), training=TrainingOptions(augmentation="off")),
    ):
        check_ranges(options)


def test_defaults_are_allowed() -> None:
    for options in (
        Run(),
        Tune(("para",)),
        Power(),
        TableOptions(),
        MachineOptions(),
        ExecutorOptions("ray"),
        ExecutorOptions("ray", "[fd00::1]:6379"),
    ):
        check_ranges(options)


def test_a_shard_and_a_cluster_would_both_deal_out_the_work() -> None:
    ExecutorOptions("ray").check_shard(None)
    ExecutorOptions().check_shard("1/2")
    with pytest.raises(ParaBenchError, match="--shard is '1/2' with --executor ray; allowed: one of them"):
        ExecutorOptions("ray").check_shard("1/2")


@pytest.mark.parametrize("name", ["policy_name", "policy_keys", "policy_version"])
def test_options_of_policies_need_a_policy(name: str) -> None:
    PolicyOptions(("a:b",), **{name: ("x",)}).check()
    with pytest.raises(ParaBenchError, match=f"^--{name.replace('_', '-')} without --policy; allowed: with one of"):
        PolicyOptions(**{name: ("x",)}).check()
