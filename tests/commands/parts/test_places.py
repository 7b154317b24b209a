"""A place is tried before long work: nothing is left there but its folder, and one that takes no file is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from para_bench.commands.parts.places import check_place
from para_bench.types import ParaBenchError


def test_a_new_place_gets_its_folder_and_no_file(tmp_path: Path) -> None:
    check_place(tmp_path / "new" / "x.png")
    assert list(tmp_path.rglob("*")) == [tmp_path / "new"]


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_text("kept")
    check_place(tmp_path / "x.png")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x.png", "kept")]


def test_a_folder_in_its_place_or_a_file_above_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.png").mkdir()
    (tmp_path / "file").write_text("kept")
    with pytest.raises(ParaBenchError, match=r"cannot write .*x\.png \(Is a directory\); allowed: a path you may write to"):
        check_place(tmp_path / "x.png")
    with pytest.raises(ParaBenchError, match=r"cannot write to .*file.*; allowed: a folder you may write to"):
        check_place(tmp_path / "file" / "x.png")
    with pytest.raises(ParaBenchError, match=r"cannot write .* \(File name too long\)"):
        check_place(tmp_path / ("x" * 300))


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    check_place(tmp_path / "pipe")  # would wait for a reader
