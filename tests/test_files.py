"""Files are written whole or not at all, and never outside their folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.files import file_name, make_folder, write_bytes, write_json, write_text, writing, writing_folder
from para_bench.types import ParaBenchError


def test_a_file_and_its_folder_are_made(tmp_path: Path) -> None:
    write_text(tmp_path / "a/b.txt", "é\n")
    write_json(tmp_path / "a/c.json", {"x": [1]}, indent=None)
    assert (tmp_path / "a/b.txt").read_bytes() == b"\xc3\xa9\n"
    assert (tmp_path / "a/c.json").read_text() == '{"x": [1]}\n'
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["b.txt", "c.json"]


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), ValueError("any"), KeyboardInterrupt()])
def test_a_writer_that_fails_leaves_what_was_there(failure: BaseException, tmp_path: Path) -> None:
    path = tmp_path / "table.md"
    path.write_text("old")
    with pytest.raises((ParaBenchError, ValueError, KeyboardInterrupt)) as told, writing(path) as partial:  # noqa: PT012 - the block is under test
        partial.write_text("half")
        raise failure
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["table.md"]
    if isinstance(failure, OSError):
        why = "(No space left on device); what was there before stays; free some space and repeat the command"
        assert str(told.value) == f"cannot write {path} {why}"


def fail(path: Path) -> None:
    with writing(path, RuntimeError) as partial:
        assert partial.suffix == ".mp4"
        raise RuntimeError("no room\nmore")


def test_a_full_disk_is_told_by_the_writer_s_own_error_too(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"cannot write .*film.mp4 \(no room\)"):
        fail(tmp_path / "film.mp4")


@pytest.mark.parametrize("path", ["file/below.txt", "folder"])
def test_a_path_that_cannot_be_written_is_one_line(path: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ParaBenchError, match=r"^cannot write .*; allowed: a path you may write to$"):
        write_bytes(tmp_path / path, b"x")


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    with writing_folder(tmp_path / "a/data") as partial:
        assert not partial.exists()
        write_text(partial / "one/file.txt", "x")
        assert not (tmp_path / "a/data").exists()
    assert (tmp_path / "a/data/one/file.txt").read_text() == "x"
    with pytest.raises(ParaBenchError, match=r"is there already; allowed: a folder that is not there yet, or an empty one$"):  # noqa: SIM117
        with writing_folder(tmp_path / "a/data"):
            pass
    with pytest.raises(KeyboardInterrupt), writing_folder(tmp_path / "a/next") as partial:  # noqa: PT012 - the block is under test
        write_text(partial / "half.txt", "x")
        raise KeyboardInterrupt
    with pytest.raises(ParaBenchError, match=r"cannot write .*No space left"), writing_folder(tmp_path / "a/next") as partial:
        raise OSError(28, "No space left on device")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["data"]


def test_a_link_stays_a_link_and_a_device_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    write_text(Path("/dev/null"), "gone")


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert make_folder(tmp_path / "new/er").is_dir()
    with pytest.raises(ParaBenchError, match="allowed: a folder you may write to"):
        make_folder(tmp_path / "file")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("para", "para"),
        ("my.module:Head", "my.module-Head"),
        ("x/../../../y", "x-..-..-..-y"),
        ("../up", "-up"),
        ("..", "-"),
        ("", "-"),
        ("a\x1b[31mb\n", "a-31mb-"),
        ("a" * 300, "a" * 120),
    ],
)
def test_any_name_becomes_one_part_of_a_path(name: str, wanted: str, tmp_path: Path) -> None:
    assert file_name(name) == wanted
    assert (tmp_path / file_name(name)).resolve().parent == tmp_path.resolve()
