"""One tiny run that tests of this room share: a head with one demonstration and two steps, on images of 64 px."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.benchmarks.profiles import Profile
from para_bench.benchmarks.splits import find_split
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.policies import train_all

TINY = Profile(demos=1, seeds=1, episodes=2, steps=2, batch=2, copies=0)


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> RunConfig:
    root = tmp_path_factory.mktemp("run")
    config = RunConfig(
        "id",
        ("para",),
        TINY,
        backbone="efficientnet_lite0",
        image_size=64,
        workers=1,
        out=root / "runs",
        device="cpu",
        videos=False,
        references=(),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARA_BENCH_CACHE", str(root / "cache"))
        patch.setattr("para_bench.training.prepare.VALIDATION_DEMOS", 1)
        list(train_all(config, find_split("id")))
    return config


@pytest.fixture
def trained(trained_once: RunConfig, monkeypatch: pytest.MonkeyPatch) -> RunConfig:
    """What was trained, under `out`; nothing else may write there."""
    monkeypatch.setenv("PARA_BENCH_CACHE", str(trained_once.out.parent / "cache"))
    monkeypatch.setattr("para_bench.training.prepare.VALIDATION_DEMOS", 1)
    return trained_once


@pytest.fixture
def references(tmp_path: Path) -> RunConfig:
    """A run of the expert alone, which trains nothing, and its folder."""
    return RunConfig("id", ("oracle",), replace(TINY, episodes=3), image_size=64, workers=1, out=tmp_path, videos=False, references=())
