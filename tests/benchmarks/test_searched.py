"""The table of the search: written and read strictly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.benchmarks.searched import UNKNOWN, Measured, read, write
from para_bench.types import ParaBenchError

ROOT = Path(__file__).resolve().parents[2]
ROW = Measured(2, "place", "para", "efficientnet_lite0", 224, 20, 1600, 16, 1e-3, "colour", 12, 0, 100, 91, 80, 0.5, 1.2)


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [ROW, replace(ROW, head="act", learning_rate=3e-4, grasp_cm=99.0)]
    write(tmp_path / "searched.csv", rows)
    assert read(tmp_path / "searched.csv") == rows
    assert read(tmp_path / "nothing.csv") == []


def test_rows_from_before_the_table_knew_its_code_are_read_and_say_so(tmp_path: Path) -> None:
    path = tmp_path / "searched.csv"
    write(path, [replace(ROW, features="lite0@ab", code="cd")])
    assert read(path)[0].made_by == ("lite0@ab", "cd")
    write(path, [ROW])
    path.write_text(path.read_text().replace(",features,code", "").replace("1.2,,", "1.2"))
    assert read(path) == [ROW]
    assert ROW.made_by == UNKNOWN
    assert {row.made_by for row in read(ROOT / "para_bench/assets/searched.csv")} == {UNKNOWN}
    assert {row.made_by == UNKNOWN for row in read(ROOT / "results/sound.csv")} == {True, False}


@pytest.mark.parametrize(
    ("before", "after"),
    [("colour", "wild"), ("1600", "many"), ("head,", "heads,"), ("place", "pla\x00ce"), (",91,", ","), (",20,1600,", ",0,1600,")],
)
def test_a_damaged_table_is_one_line(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "searched.csv"
    write(path, [ROW])
    path.write_text(path.read_text().replace(before, after))
    if after == "pla\x00ce":
        path.write_bytes(b"\xff" + path.read_bytes())
    with pytest.raises(ParaBenchError, match=r"searched.csv is damaged .*allowed: as `para-bench tune` wrote it, or no file$") as told:
        read(path)
    assert "\n" not in str(told.value)
