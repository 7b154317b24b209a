"""Success tables of suite version 2: nested sets, families, floors, halves, errors."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from para_bench.records import EpisodeRecord
from para_bench.report.rollcall import call
from para_bench.report.roster import Expected, Group, Roster
from para_bench.report.statistics import two_way
from para_bench.report.statistics.families import holm
from para_bench.report.tables import comparisons, paper, second
from para_bench.report.tables import success as tables
from para_bench.report.tables.best import best_heads
from para_bench.types import ParaBenchError

ID = ("id", "0")


def rows(roster: Roster) -> dict[tuple[str, str, str], dict]:
    return {(row["head"], row["condition"], row["level"]): row for row in tables.roster_table(roster, ID).to_dict("records")}


def test_sets_are_the_units_of_rates_and_gaps(second_roster: Roster) -> None:
    found = rows(second_roster)["para", "view_angle", "15"]
    outcomes = {level: second_roster.outcomes("para", Group("", "", ((name, level),))) for name, level in (ID, ("view_angle", "15"))}
    nested = {level: values.reshape(3, 2, *values.shape[1:]) for level, values in outcomes.items()}
    assert (found["rate"], found["low"], found["high"], found["interval"]) == two_way.rate(nested["15"])
    assert found["gap_p"] == two_way.gap(nested["0"], nested["15"]).p
    assert found["gap_p"] != two_way.gap(outcomes["0"], outcomes["15"]).p  # six seeds are not three sets
    assert (found["sets"], found["seeds"]) == (3, 6)
    assert tables.head_title(found) == "para: 20 demos, 3 sets x 2 seeds (method)"


def test_gaps_of_a_table_are_one_family(second_roster: Roster) -> None:
    table = tables.roster_table(second_roster, ID)
    with_gap = table[table["gap_p"].notna()]
    assert list(with_gap["gap_p_holm"]) == holm(list(with_gap["gap_p"]))
    assert second.families(table) == [("gaps to the control of novel_view", len(with_gap))]
    assert "1 family of 4 comparisons, declared by no suite: gaps to the control of novel_view (4)" in tables.caption(table)


def test_low_rows_are_marked_and_gaps_of_low_controls_are_not_printed(second_roster: Roster) -> None:
    found = rows(second_roster)
    for level in ("15", "30"):
        row = found["token", "view_angle", level]
        assert np.isnan(row["gap"])
        assert (row["floor"], row["gap_left_out"]) == ("floor", "control below 20.0 %")
    assert found["para", "view_angle", "15"]["floor"] == ""
    text = tables.to_markdown(tables.roster_table(second_roster, ID))
    assert "] floor |" in text
    assert text.count("control below 20.0 %") >= 2
    assert '"floor": fewer than 10.0 % succeed' in text


def test_halves_follow_their_levels(second_roster: Roster) -> None:
    text = tables.to_markdown(tables.roster_table(second_roster, ID))
    lines = [line for line in text.splitlines() if line.startswith("| para")]
    assert [line.split(" | ")[1] for line in lines[:4]] == ["id 0", "view_angle 15", "view_angle 30", "view_angle half"]
    assert " deg [" in lines[3]
    assert "| view_angle half |  | control below 20.0 % |" in text


def test_errors_nest_seeds_in_sets(second_roster: Roster) -> None:
    table = tables.roster_table(second_roster, ID)
    strict = second_roster.values("para", Group("id", "0", (ID,)), lambda record: bool(record.strict_success))
    assert (table["strict"][0], table["strict_low"][0], table["strict_high"][0]) == two_way.rate(strict.reshape(3, 2, 1, -1))[:3]


def test_tables_fit_their_lines(second_roster: Roster) -> None:
    table = tables.roster_table(second_roster, ID)
    screen = io.StringIO()
    Console(file=screen, width=100).print(tables.to_console(table))
    lines = screen.getvalue().splitlines()
    assert max(map(len, lines)) <= 100


def test_comparisons_and_winners_have_the_two_way_test(
    second_roster: Roster, second_records: list[EpisodeRecord], second_expected: Expected
) -> None:
    table = comparisons.comparison_table(second_records, "para", ["act", "token"], second_expected)
    group = Group("id", "0", (ID,))
    wanted = two_way.compare(second_roster.units("para", group), second_roster.units("act", group))
    assert table.iloc[0]["p"] == wanted.p
    text = comparisons.caption(table)
    assert "the 3 demonstration sets x scenes, Obuchowski-Rockette" in text
    assert "1 family of 6 comparisons, declared by no suite" in text
    best = best_heads(second_roster, ["para", "act", "token"])
    assert best.heads[ID] == "para"
    assert "demonstration sets" in best.note


def test_a_paper_has_all_lines_and_says_its_families(second_expected: Expected, second_records: list[EpisodeRecord]) -> None:
    from para_bench.report.inventory import SplitResults

    results = SplitResults("novel_view", second_records, second_expected)
    grid = paper.grid(results)
    assert [row.line for row in grid.rows[:7]] == [*paper.LINES[:7]]
    assert [name for name, _ in grid.families] == ["gaps to the control of novel_view", "best of each condition of novel_view"]


def test_unequal_sets_are_refused(second_records: list[EpisodeRecord], second_expected: Expected) -> None:
    fewer = replace(second_expected, seeds={"para": range(5)})
    roster = call([r for r in second_records if r.train_seed < 5], fewer)
    with pytest.raises(ParaBenchError, match="head para has training seeds by demonstration set 2 on 0, 2 on 1, 1 on 2; allowed: as many"):
        tables.roster_table(roster, ID)


def test_one_training_of_two_demonstration_seeds_is_refused(second_records: list[EpisodeRecord], second_expected: Expected) -> None:
    mixed = [replace(r, demo_seed=9) if r.scene_index == 3 else r for r in second_records]
    with pytest.raises(ParaBenchError, match="demonstrations of head para, training seed 0: found seeds"):
        call(mixed, second_expected)


def test_the_caption_says_how_often_policies_look_and_what_was_not_disturbed(
    second_records: list[EpisodeRecord], second_expected: Expected
) -> None:
    def caption(**change: object) -> str:
        found = [replace(r, replan_steps=2, **change) for r in second_records]  # type: ignore[arg-type]
        return tables.caption(tables.roster_table(call(found, second_expected), ID))

    assert "Policies look again after 2 waypoints." in caption()
    assert "disturbed" not in caption()
    assert "disturbed" not in caption(extra={"disturbed": 1.0})
    missed = [replace(r, extra={"disturbed": float(r.scene_index != 0)}) for r in second_records if r.condition != "id"]
    table = tables.roster_table(call([*missed, *(r for r in second_records if r.condition == "id")], second_expected), ID)
    count, of = 6 * 2 * len(set(table["head"])), 6 * 2 * 40 * len(set(table["head"]))
    assert f" In {count} of {of} episodes nothing disturbed the object" in tables.caption(table)
    assert "look again" not in tables.caption(table)  # these records do not say
