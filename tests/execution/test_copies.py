"""Checkpoints and demonstrations of several folders: each copied once, one of the same name with other weights refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.execution.copies import copied, mergeable, packed
from para_bench.types import ParaBenchError


def checkpoint(source: Path, name: str, weights: bytes, complete: bool = True) -> Path:
    folder = source / "checkpoints" / name
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(weights)
    (folder / "training.lock").write_bytes(b"")
    if complete:
        (folder / "config.json").write_text("{}")
    return folder


def test_each_name_once_and_only_what_is_finished(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    one, _, other = checkpoint(a, "one", b"1"), checkpoint(b, "one", b"1"), checkpoint(b, "other", b"2")
    checkpoint(b, "cut off", b"3", complete=False)
    (demos := a / "demonstrations/set").mkdir(parents=True)
    (demos / "meta.json").write_text("{}")
    (a / "demonstrations/partial").mkdir()
    assert mergeable([a, b]) == {"checkpoints/one": one, "checkpoints/other": other, "demonstrations/set": demos}
    copied(packed(other), tmp_path / "there")
    assert {path.name: path.read_bytes() for path in (tmp_path / "there").iterdir()} == {"model.safetensors": b"2", "config.json": b"{}"}


def test_other_weights_of_one_name_are_refused(tmp_path: Path) -> None:
    first, second = checkpoint(tmp_path / "a", "one", b"1"), checkpoint(tmp_path / "b", "one", b"2")
    with pytest.raises(ParaBenchError, match=r"do not belong together: their contents are [0-9a-f]{16} and [0-9a-f]{16}") as told:
        mergeable([tmp_path / "a", tmp_path / "b"])
    assert all(str(folder) in str(told.value) for folder in (first, second))
