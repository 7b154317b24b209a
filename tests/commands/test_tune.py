"""`para-bench tune`: a real search of two cells, and its table."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.benchmarks.searched import Measured, read
from para_bench.cli import main
from para_bench.commands.tune import lines

ROW = Measured(2, "place", "para", "efficientnet_lite0", 224, 20, 1600, 16, 1e-3, "colour", 12, 0, 100, 91, 80, 0.5, 1.2)


def test_the_best_cell_of_each_head_is_marked() -> None:
    shown = lines([ROW, Measured(*{**vars(ROW), "grasp_cm": 0.3, "learning_rate": 3e-3}.values())])
    assert [line[0] for line in shown] == [" ", " ", "*", "*"]
    assert "0.003" in shown[2]


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
