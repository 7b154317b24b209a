"""`para-bench cache`: shows what is there, frees it, and touches nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from para_bench.commands.cache import Cache
from para_bench.types import ParaBenchError


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of one whole entry of 3 MB, and of one that was cut off."""
    root = tmp_path / "cache"
    monkeypatch.setenv("PARA_BENCH_CACHE", str(root))
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("whole", "cut"):
        (root / "features" / name).mkdir(parents=True)
        (root / "features" / name / "level0.npy").write_bytes(b"0" * 3_000_000)
    manifest = {"spec": {"backbone": "lite0[/red]@22aa", "image_size": 64}, "count": 29, "created": "2026-01-02T03:04:05+00:00"}
    (root / "features" / "whole" / "manifest.json").write_text(json.dumps(manifest))
    (root / "other").write_text("kept")
    return root


def test_entries_and_their_sum_are_listed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Cache()()
    said = capsys.readouterr().out
    (whole,) = (line for line in said.splitlines() if "22aa" in line)
    assert [word.strip() for word in whole.split("│")[1:-1]] == ["2026-01-02T03:04:05+00:00", "lite0[/red]@22aa", "64", "29", "3"]
    assert "unfinished" in said
    assert said.splitlines()[-2].split("│")[-2].strip() == "6"


def test_clearing_frees_the_features_alone(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Cache("clear")()
    assert capsys.readouterr().out == f"6 MB freed in {root}\n"
    assert [path.name for path in root.iterdir()] == ["other"]
    Cache("clear")()
    assert capsys.readouterr().out.startswith("0 MB freed")


@pytest.mark.parametrize("action", ["list", "clear"])
def test_a_file_in_its_place_is_refused(action, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("kept")
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "file"))
    with pytest.raises(ParaBenchError, match="is no folder; allowed: a folder, named by PARA_BENCH_CACHE"):
        Cache(action)()
    assert (tmp_path / "file").read_text() == "kept"
