"""Backbones whose weights are trained here: which regime trains what, made once, kept beside each head."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from para_bench.backbones import backbone_row
from para_bench.benchmarks.descriptions import describe
from para_bench.benchmarks.splits import SPLITS
from para_bench.optimisation.loop import TrainConfig
from para_bench.rollouts.policy import load_policy
from para_bench.training import made_weights
from para_bench.training.recipe import Recipe
from para_bench.training.saved import BACKBONE_WEIGHTS
from para_bench.training.start import find_checkpoint
from para_bench.training.trained import trained

SIZE = 64


def test_splits_whose_conditions_have_trainings_of_their_own_are_known_to_the_tables() -> None:
    apart = {name for name, split in SPLITS.builtin.items() if describe(split).apart}
    assert {name for name, split in SPLITS.builtin.items() if len(split.trainings) > 1} == apart


def test_only_video_rows_are_made_here() -> None:
    assert not backbone_row("efficientnet_lite0").made_in_runs
    assert backbone_row("video").made_in_runs


@pytest.mark.integration
def test_weights_are_made_once_and_each_checkpoint_keeps_its_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train = TrainConfig(steps=2, batch=2)
    frozen = Recipe("average_pool", 0, 1, backbone="video", image_size=SIZE, train=train, backbone_steps=2)
    device = torch.device("cpu")
    assert find_checkpoint(frozen, tmp_path) is None
    folder = trained(frozen, tmp_path, device, progress=False)
    assert find_checkpoint(frozen, tmp_path) == folder
    monkeypatch.setattr(made_weights, "pretrain", lambda *_: pytest.fail("made again"))
    two_stage = trained(replace(frozen, finetune=True), tmp_path, device, progress=False)
    scratch = replace(frozen, finetune=True, pretrained=False, backbone_steps=0)
    joint = trained(scratch, tmp_path, device, progress=False)
    assert find_checkpoint(scratch, tmp_path) == joint
    assert len({(path / BACKBONE_WEIGHTS).read_bytes() for path in (folder, two_stage, joint)}) == 3
    for path in (folder, two_stage, joint):
        load_policy(path, "video", SIZE)  # with what lies beside the head alone
