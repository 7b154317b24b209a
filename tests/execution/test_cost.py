"""What demonstrations cost is said, or refused, before anything is started."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from para_bench.benchmarks.profiles import Profile
from para_bench.execution.cost import refuse_too_large
from para_bench.rollouts.config import RunConfig
from para_bench.types import ParaBenchError


def run(demos: int, heads: tuple[str, ...] = ("para",)) -> RunConfig:
    return RunConfig("id", heads, Profile(demos, 1, 2, 10, 8, 3))


@pytest.fixture(autouse=True)
def a_disk_of_100_gb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "not/there/yet"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=100e9))


def test_more_than_the_disk_holds_is_refused() -> None:
    with pytest.raises(ParaBenchError, match=r"100000 demonstrations .* 1600 GB .* found 100 GB free in .*; allowed: fewer"):
        refuse_too_large(run(100_000))
    refuse_too_large(run(100_000, heads=("oracle",)))  # trains nothing


def test_minutes_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    refuse_too_large(run(20))
    assert capsys.readouterr().err == ""
    refuse_too_large(run(6000))
    assert "6000 demonstrations take about 15 min to collect, once" in capsys.readouterr().err
