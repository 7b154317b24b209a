from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest

from para_bench.data import checked
from para_bench.data.checked import CHECKED, damaged

CONTENT = b"features"
EXPECTED = {"level0.npy": zlib.crc32(CONTENT)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "level0.npy").write_bytes(CONTENT)
    return tmp_path


def test_a_file_is_read_through_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert damaged(folder, EXPECTED) == ""
    monkeypatch.setattr(checked, "crc32", lambda path: pytest.fail(f"{path.name} is read again"))
    assert damaged(folder, EXPECTED) == ""


def test_a_file_that_was_written_to_is_read_again(folder: Path) -> None:
    assert damaged(folder, EXPECTED) == ""
    before = (folder / "level0.npy").stat()
    (folder / "level0.npy").write_bytes(b"FEATURES")  # as long
    os.utime(folder / "level0.npy", ns=(before.st_atime_ns, before.st_mtime_ns))  # and as old
    assert damaged(folder, EXPECTED) == "level0.npy"


def test_another_checksum_is_not_taken_for_checked(folder: Path) -> None:
    assert damaged(folder, EXPECTED) == ""
    assert damaged(folder, {"level0.npy": 1}) == "level0.npy"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"level0.npy": 1}'])
def test_a_damaged_note_is_not_believed(folder: Path, content: str) -> None:
    (folder / CHECKED).write_text(content)
    (folder / "level0.npy").write_bytes(b"FEATURES")
    assert damaged(folder, EXPECTED) == "level0.npy"


def test_a_cache_that_may_not_be_written_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(checked, "write_json", refuse)
    assert damaged(folder, EXPECTED) == ""
