"""`para-bench list`: every name that another option may be given."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from para_bench.benchmarks.splits import SPLITS
from para_bench.benchmarks.suites import SUITES
from para_bench.cli import main
from para_bench.commands.list import List
from para_bench.commands.parts.split_page import splits_page
from para_bench.heads import HEADS
from para_bench.options import check_ranges
from para_bench.robots import ROBOTS
from para_bench.tasks import TASKS
from para_bench.types import ParaBenchError

ROOT = Path(__file__).resolve().parents[2]


def first_words(said: str) -> set[str]:
    return {line.split("│")[1].strip() for line in said.splitlines() if line.startswith("│")}


def test_every_row_of_every_table_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The help of --head, --task, --robot, --split and --backbone sends the reader here."""
    monkeypatch.setenv("COLUMNS", "120")
    List()()
    names = first_words(capsys.readouterr().out)
    wanted = {*HEADS, *TASKS, *ROBOTS, *SPLITS, *SUITES, "efficientnet_lite0", "timm:NAME", "oracle", "noop"}
    assert wanted <= names


@pytest.mark.parametrize(("what", "names"), [("splits", SPLITS), ("suites", SUITES), ("tasks", TASKS), ("robots", ROBOTS)])
def test_only_one_table(what: Any, names: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys, "argv", ["para-bench", "list", what])
    main()
    assert first_words(capsys.readouterr().out) - {""} == set(names)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"what": "heads", "suite_version": 1}, "--suite-version with heads, which every version has; allowed: without it"),
        ({"searches": ROOT / "results/sound.csv", "suite_version": 1}, "--suite-version with --searches"),
        ({"what": "heads", "out": Path("page.md")}, "--out with heads; allowed: with splits, the only page"),
    ],
)
def test_options_that_nothing_reads_are_refused(options: dict, message: str) -> None:
    with pytest.raises(ParaBenchError, match=message):
        check_ranges(List(**options))


def test_how_many_demonstrations_are_enough(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    List(searches=ROOT / "results/sound.csv")()
    rows = [[cell.strip() for cell in line.split("│")[1:4]] for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    assert ["para", "place", "64"] in rows
    assert ["global_token", "place", "none to 256"] in rows
    refused: list[tuple[dict[str, Any], str]] = [({"what": "splits"}, "with splits"), ({"out": tmp_path / "page.md"}, "with --out")]
    for options, words in refused:
        with pytest.raises(ParaBenchError, match=f"--searches {words}; allowed: one of them"):
            check_ranges(List(searches=ROOT / "results/sound.csv", **options))
    with pytest.raises(ParaBenchError, match="is not there; allowed: a file"):
        check_ranges(List(searches=tmp_path / "nothing.csv"))


def test_the_splits_as_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    List(out=tmp_path / "new" / "SPLITS.md")()
    assert (tmp_path / "new" / "SPLITS.md").read_text() == splits_page()
    assert capsys.readouterr().out == f"{len(SPLITS.builtin)} splits: {tmp_path / 'new' / 'SPLITS.md'}\n"
