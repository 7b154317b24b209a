"""Folders on their way: named by content, written whole, by one task of several."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.execution.cluster.parcels import contents, digest, placed
from para_bench.types import ParaBenchError

FILES = {"config.json": b"{}", "model.safetensors": b"\x00\x01"}


def test_they_arrive_as_they_were(tmp_path: Path) -> None:
    target = placed(FILES, tmp_path / "a/b")
    assert contents(target) == FILES
    (target / "config.lock").touch()
    assert contents(target) == FILES
    assert [path.name for path in target.parent.iterdir()] == ["b"]
    assert contents(target / "config.json") == {"config.json": b"{}"}


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    placed(FILES, tmp_path / "a")
    placed({"config.json": b"other"}, tmp_path / "a")
    assert contents(tmp_path / "a") == FILES


def test_one_that_came_meanwhile_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def late(self: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "rename", rename)
        placed({"config.json": b"first"}, target)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    assert contents(placed(FILES, tmp_path / "a")) == {"config.json": b"first"}
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_names_and_contents_decide_the_digest() -> None:
    assert digest(FILES) == digest(dict(reversed(FILES.items())))
    others = [{**FILES, "config.json": b"{ }"}, {"config.json": b"{}"}, {"a": b"bc"}, {"ab": b"c"}, {}]
    assert len({digest(FILES), *map(digest, others)}) == 6


def test_what_cannot_be_read_or_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"cannot read .*gone \(No such file"):
        contents(tmp_path / "gone")
    (tmp_path / "file").touch()
    with pytest.raises(ParaBenchError, match="cannot write"):
        placed(FILES, tmp_path / "file/below")
