"""A disk that is full: one line, the old file stays, nothing cut lies under a final name, and the same command continues later.

The limit on the size of a file (RLIMIT_FSIZE) stands for the full disk: writing beyond it fails as there, with another error number.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from para_bench.cli import main

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_FSIZE is ignored elsewhere")]

RESULTS = str(Path(__file__).parents[2] / "results/v1/lite0_multiview")
RUN = ("run", "--head", "para", "--profile", "smoke", "--split", "id", "--workers", "1")
SMALL, MIDDLE, LARGE = 300, 20_000, 400_000
"""Bytes a file may have."""


@contextmanager
def full_beyond(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def ends(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(sys, "argv", ["para-bench", *words])
    try:
        main()
    except SystemExit as stop:
        return stop.code
    return 0


def refused(words: tuple[str, ...], size: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that is told."""
    with full_beyond(size):
        code = ends(words, monkeypatch)
    shown = capsys.readouterr().err.replace("\r", "\n").splitlines()
    plan = ", suite version "  # of the line in which a run says what it will do
    lines = [line for line in shown if line.startswith("para-bench:") and plan not in line]
    assert code in (1, 3), shown
    assert len(lines) == 1, shown
    assert "unexpected" not in lines[0]
    assert not any("Traceback" in line or "rror" in line for line in shown if line not in lines), shown
    assert not list(Path().rglob("*.partial*"))
    return lines[0]


@pytest.mark.parametrize(
    ("words", "size", "file"),
    [
        (("table", RESULTS, "--split", "id", "--out", "table.md"), SMALL, "table.md"),
        (("table", RESULTS, "--split", "id", "--format", "csv", "--out", "table.csv"), SMALL, "table.csv"),
        (("list", "--out", "SPLITS.md"), SMALL, "SPLITS.md"),
        (("view", "--split", "id", "--n", "2", "--out", "view.png"), SMALL, "view.png"),
        (("figures", RESULTS, "--split", "id", "--out", "out"), SMALL, "out/success_by_split.pdf"),
        (("figures", RESULTS, "--split", "id", "--out", "out"), MIDDLE, ""),
        (("site", RESULTS, "--out", "out"), SMALL, ""),
        (("site", RESULTS, "--out", "out"), MIDDLE, ""),
        (("pack", f"{RESULTS}/id", "--out", "out"), SMALL, "out/id/episodes.parquet"),
        (("demos", "--n", "2", "--out", "out"), SMALL, "out/contact_sheet.png"),
        (("demos", "--n", "2", "--out", "out"), MIDDLE, "out/contact_sheet.png"),
        (("replay", RESULTS, "id/id/0/0/noop/0", "--out", "film.mp4"), SMALL, "film.mp4"),
        (("replay", RESULTS, "id/id/0/0/noop/0", "--out", "film.gif"), SMALL, "film.gif"),
    ],
)
def test_the_old_file_stays(
    words: tuple[str, ...], size: int, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    if file and words[0] != "pack":
        Path(file).parent.mkdir(exist_ok=True)
        Path(file).write_text("old")
    told = refused(words, size, monkeypatch, capsys)
    assert "File too large" in told or "cut video" in told, told
    if file and words[0] != "pack":
        assert Path(file).read_text() == "old"
    elif file:
        assert not Path(file).exists()


@pytest.mark.timeout(600)
def test_a_run_continues_when_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
    for size in (SMALL, 1500, MIDDLE, LARGE):
        refused(RUN, size, monkeypatch, capsys)
    assert ends(RUN, monkeypatch) == 0
    for size in (SMALL, 1500, 3000):
        table = Path("runs/id/table.md").read_bytes()
        with full_beyond(size):
            ends(RUN, monkeypatch)
        assert Path("runs/id/table.md").read_bytes() == table
    assert ends(RUN, monkeypatch) == 0
    assert Path("runs/id/table.md").read_bytes() == table
