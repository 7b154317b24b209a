"""A policy is loaded once, and again where a file of it was written again; a head that cannot be made is told in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from para_bench.backbones import create_backbone
from para_bench.heads import create_head
from para_bench.heads.base import HeadConfig
from para_bench.rollouts.loading import make_policy
from para_bench.rollouts.policy import LearnedPolicy
from para_bench.training.saved import HeadSpec, save_head
from para_bench.types import ParaBenchError

BACKBONE, SIZE = "efficientnet_lite0", 64


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(tmp_path, 0)
    return tmp_path


def save(folder: Path, seed: int) -> None:
    spec = create_backbone(BACKBONE, SIZE).spec
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        save_head(folder, HeadSpec("para", HeadConfig(), spec), create_head("para", spec, HeadConfig()), {})


def made(folder: Path, **given: str) -> LearnedPolicy:
    policy = make_policy("para", folder, BACKBONE, SIZE, **given)  # type: ignore[arg-type]
    assert isinstance(policy, LearnedPolicy)
    return policy


def test_a_checkpoint_that_is_trained_again_in_place_is_loaded_again(folder: Path) -> None:
    first = made(folder)
    assert made(folder) is first
    save(folder, 1)
    again = made(folder)
    assert not all(torch.equal(a, b) for a, b in zip(first.head.parameters(), again.head.parameters(), strict=True))


def test_one_checkpoint_serves_every_decoding(folder: Path) -> None:
    decodings = {given: made(folder, decode=given).head.config.decode for given in ("argmax", "subcell")}
    assert decodings == {"argmax": "argmax", "subcell": "subcell"}
    assert made(folder).head.config.decode == "subcell"  # as it was made


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("too wide"), "head 'para' cannot be made: ValueError: too wide"),
        (SystemExit(0), "head 'para' cannot be made: SystemExit: 0"),
        (MemoryError(), r"this machine failed \(MemoryError\)"),
    ],
)
def test_a_head_that_cannot_be_made_is_told_in_one_line(
    error: BaseException, words: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("para_bench.training.saved.create_head", fail)
    with pytest.raises(ParaBenchError, match=words) as told:
        made(folder, decode="argmax")
    assert "\n" not in str(told.value)
