"""`para-bench tune`: a real search of two cells, and its table."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.benchmarks.searched import Measured, read
from para_bench.cli import main
from para_bench.commands.tune import Tune, enough_lines, lines
from para_bench.options import MachineOptions
from para_bench.types import ParaBenchError

ROW = Measured(2, "place", "para", "efficientnet_lite0", 224, 20, 1600, 16, 1e-3, "colour", 12, 0, 100, 91, 80, 0.5, 1.2)


def test_the_best_cell_of_each_head_is_marked() -> None:
    shown = lines([ROW, Measured(*{**vars(ROW), "grasp_cm": 0.3, "learning_rate": 3e-3}.values())])
    assert [line[0] for line in shown] == [" ", " ", "*", "*"]
    assert "0.003" in shown[2]


def test_how_many_demonstrations_are_enough_is_told_from_the_whole_table() -> None:
    many = Measured(*{**vars(ROW), "demos": 64, "success": 92}.values())
    few = Measured(*{**vars(ROW), "success": 71}.values())
    act = Measured(*{**vars(ROW), "head": "act", "success": 3}.values())
    other = Measured(*{**vars(few), "task": "stack", "demos": 4, "success": 100}.values())
    assert enough_lines([few, many, act, other], [few, act]) == [
        "para: 64 demonstrations are enough for 90 % of the validation scenes (tried: 20, 64)",
        "act: no number tried is enough for 90 % of the validation scenes (tried: 20)",
    ]


@pytest.mark.parametrize(
    ("heads", "words"),
    [
        (("oracle",), "head 'oracle' learns nothing; allowed: one or more of para, "),
        (("para", "threshold"), "head 'threshold' learns nothing"),
        (("pra",), r"head 'pra' is unknown; (?!.*oracle).* \(did you mean para\?\)$"),
    ],
)
def test_what_has_nothing_to_search_is_refused(heads: tuple[str, ...], words: str, tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=words) as told:
        Tune(heads, machine=MachineOptions(out=tmp_path / "runs"))()
    assert "--head" not in str(told.value)
    assert not (tmp_path / "runs").exists()


def test_a_table_that_cannot_be_written_is_told_before_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("para_bench.execution.tuning.tune", lambda *_: pytest.fail("it searched"))
    (tmp_path / "taken").touch()
    with pytest.raises(ParaBenchError, match="taken"):
        Tune(("para",), table=tmp_path / "taken/searched.csv", machine=MachineOptions(out=tmp_path / "runs", device="cpu"))()


@pytest.mark.slow
def test_a_search_writes_a_row_a_cell_and_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
    words = ["tune", "para", "--rates", "1e-3", "--augmentations", "off", "turns", "--steps", "3", "--demos", "1", "--scenes", "2"]
    words += ["--image-size", "64", "--workers", "1", "--out", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", ["para-bench", *words])
    for _ in range(2):
        main()
        rows = read(tmp_path / "out/searched.csv")  # where `run --out` looks
        assert [(row.augmentation, row.scenes) for row in rows] == [("off", 2), ("turns", 2)]
        assert "the smallest median grasp error" in capsys.readouterr().out
