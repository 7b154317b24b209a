"""What stands beside success: only where all records say it, and an episode without a grasp counts as worse than any."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from para_bench.records import EpisodeRecord
from para_bench.report.roster import Expected
from para_bench.report.tables import errors
from para_bench.report.tables import success as tables

ID, VIEW = ("id", "0"), ("view_angle", "25")
Make = Callable[..., list[EpisodeRecord]]


def told(episodes: Make, condition: tuple[str, str], strict: str, **fields: object) -> list[EpisodeRecord]:
    made = []
    for index, mark in enumerate(strict):
        own = {"strict_success": mark == "1", "extra": {"grasp_yaw_deg": float(index)}, **fields}
        made += [r for r in episodes("para", condition, "1" * len(strict), **own) if r.scene_index == index]
    return made


def test_a_row_tells_strict_success_errors_and_clamped_episodes(episodes: Make) -> None:
    found = told(episodes, ID, "1110", grasp_error_m=0.01) + told(episodes, VIEW, "1000", grasp_error_m=None, clamped_waypoints=3)
    table = tables.success_table(found, ID, Expected({"para": [0]}, {ID: 4, VIEW: 4}))
    first, second = table.to_dict("records")
    assert (first["k"], first["strict_k"], first["strict"], first["clamped"]) == (4, 3, 0.75, 0)
    assert (first["grasp_cm"], first["yaw_deg"]) == (pytest.approx(1.0), 1.5)
    assert (second["strict_k"], second["clamped"]) == (1, 1)
    assert second["grasp_cm"] == float("inf")  # the jaw never closed
    text = errors.to_console(table).plain
    assert "75.0 [" in text
    assert "none [none, none]" in text
    assert errors.to_markdown(table).count("\n| para") == 2


def test_older_records_say_nothing_of_it(episodes: Make) -> None:
    found = told(episodes, ID, "11") + episodes("act", ID, "11")
    table = tables.success_table(found, ID, Expected({"para": [0], "act": [0]}, {ID: 2}))
    assert "strict" not in table
