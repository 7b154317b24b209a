from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from para_bench.types import ParaBenchError
from parity.rows import Row, append_row, markdown, read_rows

OURS = Row("act", "ours", "features", "default", "ours", "0.001", 20, 1600, 16, 0, "aa", "bb", 1_000_000, 2.4, 10.0, 0.95, 0.05)
THEIRS = replace(OURS, side="lerobot", size="ours", rate="3e-4", version="lerobot 0.4.4", position_cm=2.0)


def test_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "results" / "parity.csv"
    assert read_rows(path) == []
    for row in (OURS, THEIRS):
        append_row(path, row)
    assert read_rows(path) == [OURS, THEIRS]
    assert read_rows(path)[0].key == OURS.key


def test_other_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "parity.csv").write_text("policy,side\nact,ours\n")
    with pytest.raises(ParaBenchError, match="allowed"):
        read_rows(tmp_path / "parity.csv")


def test_the_margin_is_a_fifth() -> None:
    assert "| 1.20 | yes |" in markdown([OURS, THEIRS])
    assert "| 1.21 | no |" in markdown([replace(OURS, position_cm=2.42), THEIRS])


def test_the_best_way_to_train_lerobot_comes_first() -> None:
    worse = replace(THEIRS, loop="lerobot", rate="preset", position_cm=7.0)
    lines = markdown([OURS, worse, THEIRS]).splitlines()[2:]
    assert ["3e-4" in line for line in lines] == [True, False]


def test_sides_meet_on_the_seeds_that_both_have() -> None:
    second = [replace(OURS, seed=1, position_cm=4.0), replace(THEIRS, seed=1, position_cm=4.0), replace(THEIRS, seed=2)]
    line = "| 2 | 0.001 | 3.20, 10.0, 0.950 | features, ours, ours, 3e-4 | 3.00, 10.0, 0.950 | 1.07 | yes |"
    assert line in markdown([OURS, THEIRS, *second])


def test_other_samples_are_another_comparison() -> None:
    assert markdown([OURS, replace(THEIRS, steps=20)]).count("\n") == 2  # the head of the table alone


def test_the_last_row_of_a_seed_counts() -> None:
    assert "| 0.50 | yes |" in markdown([OURS, THEIRS, replace(OURS, version="cc", position_cm=1.0)])


def test_each_of_our_rates_is_a_row() -> None:
    assert markdown([OURS, replace(OURS, rate="0.0003"), THEIRS]).count("features, ours, ours, 3e-4") == 2
