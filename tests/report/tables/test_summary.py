"""The two lines that matter first: the control, and where the first head does worst."""

from __future__ import annotations

import pandas as pd

from para_bench.report.tables.summary import two_lines

CONTROL = ("id", "0")
ROWS = [
    ("para", "id", "0", 1, 98, 100, 0.98),
    ("para", "view_angle", "15", 1, 90, 100, 0.90),
    ("para", "view_grid", "all", 64, 20, 100, 0.20),
    ("other", "id", "0", 1, 12, 100, 0.12),
    ("other", "view_angle", "15", 1, 1, 100, 0.01),
    ("other", "view_grid", "all", 64, 7, 100, 0.07),
    ("oracle", "id", "0", 1, 100, 100, 1.0),
]
TABLE = pd.DataFrame(ROWS, columns=pd.Index(["head", "condition", "level", "levels", "k", "n", "rate"])).assign(control_k=98, control_n=100)


def test_control_and_the_worst_condition_of_the_first_head() -> None:
    assert two_lines(TABLE, ["para", "other"], CONTROL) == [
        "before the shift (the control): para 98 of 100, other 12 of 100",
        "where para does worst (view_grid all 64): para 20 of 100, other 7 of 100",
    ]
    assert two_lines(TABLE, ["other", "para"], CONTROL)[1] == "where other does worst (view_angle 15): other 1 of 100, para 90 of 100"


def test_a_split_without_a_shift_has_one_line_and_references_alone_none() -> None:
    assert two_lines(TABLE[TABLE["condition"] == "id"], ["para"], CONTROL) == ["in distribution: para 98 of 100"]
    assert two_lines(TABLE, [], CONTROL) == []


def test_a_condition_on_some_of_the_scenes_has_its_control_in_these() -> None:
    few = pd.DataFrame(
        [("para", "roll", "15", 1, 5, 25, 0.2, 22, 25), ("other", "roll", "15", 1, 1, 25, 0.04, 3, 25)], columns=TABLE.columns
    )
    last = two_lines(pd.concat([TABLE[TABLE["condition"] == "id"], few]), ["para", "other"], CONTROL)[1]
    assert last == (
        "where para does worst (roll 15): para 5 of 25, other 1 of 25; the control in these scenes: para 22 of 25, other 3 of 25"
    )
